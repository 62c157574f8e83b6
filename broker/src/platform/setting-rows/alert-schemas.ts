// What the settings of alerts may be: one number or list for each threshold of a rule, and which
// rules are off or told of at once.

import { z } from 'zod'
import { alertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { AlertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A whole number, or its digits as the environment gives them. */
const count = (min: number, max: number) =>
  z
    .union([
      z.int(),
      z
        .string()
        .regex(/^[0-9]{1,12}$/, 'has to be a whole number')
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max))
const ms = (min: number, max: number, usual: number) => count(min, max).default(usual)

/** In the environment a list is one text with commas; an empty one is none. */
const listOf = <Item>(item: z.ZodType<Item, string>, max: number) =>
  z.union([
    z.array(item).max(max),
    z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean),
      )
      .pipe(z.array(item).max(max)),
  ])
const rules = listOf<AlertRuleName>(alertRuleName, 32)
const nearZones = z
  .string()
  .regex(/^[a-z0-9-]{1,64}\+[a-z0-9-]{1,64}$/, 'has to be two zones: 4-west+4-east')

export const alertSchemas = {
  'alerts.off': rules.default([]),
  'alerts.told': rules.default([...alertRuleName.options]),
  'alerts.offShiftMarginMs': ms(minuteMs, 12 * hourMs, 90 * minuteMs),
  'alerts.refusals': count(2, 1000).default(6),
  'alerts.unknownCards': count(2, 1000).default(10),
  'alerts.refusalsMs': ms(minuteMs, 24 * hourMs, 10 * minuteMs),
  'alerts.twoPlacesMs': ms(1000, hourMs, 10_000),
  'alerts.nearZones': listOf<string>(nearZones, 256).default([]),
  'alerts.doorMs': ms(hourMs, 24 * hourMs, 14 * hourMs),
  'alerts.swaps': count(3, 1000).default(6),
  'alerts.swapMs': ms(1000, hourMs, 30_000),
  'alerts.cloneMs': ms(100, minuteMs, 1500),
  'alerts.emergencies': count(2, 1000).default(3),
  'alerts.emergenciesMs': ms(hourMs, 24 * hourMs, 24 * hourMs),
  'alerts.zoneEmergencies': count(2, 1000).default(8),
  'alerts.zoneEmergenciesMs': ms(minuteMs, 24 * hourMs, hourMs),
  'alerts.checkpointLateMs': ms(1000, 24 * hourMs, minuteMs),
  'alerts.silentMs': ms(minuteMs, 24 * hourMs, 15 * minuteMs),
}
