// A zone's rules as settings and the store hold them. Pure.

import { z } from 'zod'
import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import { zoneId } from '@wardkey/protocol/ids'

const minutes = (n: number): number => n * 60_000
const durationMs = z.int().min(0).max(86_400_000)

export const zoneSettings = z.strictObject({
  /** Roles whose people may use its workstations; empty: nobody (deny by default). */
  roles: z
    .array(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/))
    .max(64)
    .default([]),
  idleMs: durationMs.default(minutes(5)),
  fadeMs: durationMs.default(15_000),
  staleMs: durationMs.default(60_000),
  publicView: z.boolean().default(false),
  nameShown: z.enum(['none', 'initials', 'short', 'full']).default('short'),
  /**
   * `grace`: the PIN opens a window in which the badge alone is enough. `each-tap`: the PIN always.
   * `never`: the badge alone always, and the session says so in its `acr`; for places without
   * charts.
   */
  pin: z.enum(['grace', 'each-tap', 'never']).default('grace'),
  /**
   * Badges worth less than this are asked for the PIN at each tap (reference: 0 is a bar code, 1 a
   * number that anybody can copy, 3 and up prove a key).
   */
  badgeAloneAssurance: z.int().min(0).max(5).default(1),
  /** Badge alone is enough for so long after the last sign of activity (SP 800-63B-4 §2.2.3) … */
  graceRollingMs: durationMs.default(minutes(60)),
  /** … and never longer than this after the last PIN. */
  graceAbsoluteMs: durationMs.default(minutes(12 * 60)),
  /** A locked session waits this long for its person, then it ends. */
  lockedMaxMs: durationMs.default(minutes(30)),
  serviceDesk: z.string().max(60).default(''),
})
export type ZoneSettings = z.infer<typeof zoneSettings>

export interface Zone {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly settings: ZoneSettings
}

export interface PinDigits {
  readonly min: number
  readonly max: number
}

/** What the workstations of a zone are told. */
export function rulesFor(zone: Zone, digits: PinDigits): ZoneRules {
  const { settings } = zone
  return {
    zoneId: zoneId.parse(zone.id),
    zoneKind: zone.kind,
    label: zone.label,
    idleMs: settings.idleMs,
    fadeMs: settings.fadeMs,
    staleMs: settings.staleMs,
    publicView: settings.publicView,
    pinDigitsMin: digits.min,
    pinDigitsMax: digits.max,
    nameShown: settings.nameShown,
    serviceDesk: settings.serviceDesk,
  }
}
