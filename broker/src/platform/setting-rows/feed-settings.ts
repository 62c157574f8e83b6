// What the settings say of another system of the house that tells of doors and alarms: how it comes
// in, and which of its fields mean what. Shapes only.

import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { zoneId } from '@wardkey/protocol/ids'

const file = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => isAbsolute(path), 'has to be a whole path')
/** A column, or a way into nested objects: `data.card.number`. */
const field = z.string().regex(/^[^\u0000-\u001f]{1,128}$/, 'has to be the name of a field')
const value = z.string().min(1).max(128)
const header = z.string().regex(/^[a-z0-9-]{1,64}$/i, 'has to be the name of a header')
/** As the record has it (protocol/admin/presence). */
const doorName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 .,:/_-]{0,63}$/, 'has to be a plain name')
const word = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'has to be a word in small letters')

const door = z.strictObject({
  /** Absent for a door that leads out of the building. */
  zone: z.string().pipe(zoneId).optional(),
  name: doorName.optional(),
  /** For a reader that is on one side of its door. */
  direction: z.enum(['in', 'out']).optional(),
})

const mapping = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'has to be a short name in small letters'),
  fields: z
    .strictObject({
      badge: field.optional(),
      facility: field.optional(),
      staffNumber: field.optional(),
      door: field,
      direction: field.optional(),
      time: field,
      id: field.optional(),
      type: field.optional(),
    })
    .refine(({ badge, staffNumber }) => badge !== undefined || staffNumber !== undefined, {
      path: ['badge'],
      message: 'or staffNumber has to be named: else nobody is meant',
    }),
  /** As lists of badges name them: hex, H10301, H10301:123. */
  badgeFormat: z
    .string()
    .regex(/^[A-Za-z0-9-]{2,24}(:[0-9]{1,7})?$/)
    .default('hex'),
  /** Of times that say none. */
  timeZone: z.string().max(64).optional(),
  directions: z
    .strictObject({ in: z.array(value).max(32), out: z.array(value).max(32) })
    .default({ in: ['in'], out: ['out'] }),
  doors: z.record(value, door).refine((all) => Object.keys(all).length <= 5000, 'are too many'),
  /** The types that are alarms, and what they are called in the record. */
  alarms: z.record(value, word).default({}),
  /** The types that nothing is taken from. */
  ignored: z.array(value).max(256).default([]),
}

const webhook = z.strictObject({
  ...mapping,
  kind: z.literal('webhook'),
  /** Absent: as Standard Webhooks say. */
  hmac: z
    .strictObject({ signature: header, timestamp: header, prefix: z.string().max(16).default('') })
    .optional(),
})
const syslog = z.strictObject({
  ...mapping,
  kind: z.literal('syslog'),
  host: z.string().regex(/^[A-Za-z0-9:.-]{1,255}$/),
  port: z.int().min(0).max(65_535).default(6514),
  certFile: file,
  keyFile: file,
  /** Whose certificates may send; nobody without one may. */
  caFile: file,
})
/** By command and by token only. */
const list = z.strictObject({ ...mapping, kind: z.literal('list') })

const feedSetting = z.discriminatedUnion('kind', [webhook, syslog, list])
export type FeedSetting = z.output<typeof feedSetting>
export type FeedOf<Kind extends FeedSetting['kind']> = Extract<FeedSetting, { kind: Kind }>

export const feedSettings = z
  .array(feedSetting)
  .max(16)
  .refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    'names a feed that is there already',
  )
  .default([])
