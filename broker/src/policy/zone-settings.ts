// A zone's rules as settings and the store hold them. Pure.

import { z } from 'zod'
import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import { zoneId } from '@wardkey/protocol/ids'
import { errandKind, errandKinds, witnessedErrands } from '@wardkey/protocol/workstation/errands'
import type { ErrandKind } from '@wardkey/protocol/workstation/errands'
import { downtimeSteps } from './downtime-steps.ts'
import { emergencySettings, offeredReasons } from './emergency-settings.ts'
import { updateWindow } from './update-windows.ts'

const minutes = (n: number): number => n * 60_000
const word = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)
const durationMs = z.int().min(0).max(86_400_000)
/** As many as a workstation keeps, whatever it is told (agent/src/machine/limits.ts). */
export const suspendedMost = 4
/** In less no workstation knows that its broker is gone (agent/src/link/waits/silence.ts). */
export const staleLeastMs = 5000

export const zoneSettings = z.strictObject({
  /** Roles whose people may use its workstations; empty: nobody (deny by default). */
  roles: z.array(word).max(64).default([]),
  /**
   * Off shift and not on call: `note` writes it down, as every tap does; `pin` asks for the PIN,
   * whatever the window; `refuse` refuses.
   */
  asksShift: z.enum(['no', 'note', 'pin', 'refuse']).default('no'),
  /** Kinds of training, licence or certificate that have to be current. */
  asksTraining: z.array(word).max(32).default([]),
  /** Who is let in while the zone is locked down. */
  lockdownRoles: z.array(word).max(64).default([]),
  idleMs: durationMs.default(minutes(5)),
  fadeMs: durationMs.default(15_000),
  staleMs: durationMs
    .min(staleLeastMs, 'a cut network is noticed after 5 seconds at the earliest: 5000 or more')
    .default(60_000),
  publicView: z.boolean().default(false),
  /** While the card is in place or a sensor sees somebody, the screen waits this long … */
  presentIdleMs: durationMs.default(minutes(10)),
  /** … and only this long once the sensor sees nobody. */
  awayIdleMs: durationMs.default(5000),
  /** The own badge signs out only this soon after the last sign of life. */
  activeMs: durationMs.default(minutes(1)),
  /** The badge stays in the reader; taking it away locks. */
  cardStays: z.boolean().default(false),
  /** `ask-first`: who works at a screen may keep it for `takeOverMs`; silence gives it away. */
  takeOver: z.enum(['at-once', 'ask-first']).default('at-once'),
  takeOverMs: durationMs.default(10_000),
  /** Open workstations a person may have, counted where she taps: a pharmacist's two screens. */
  screensMax: z.int().min(1).max(4).default(1),
  /** Sessions that wait behind a workstation's lock screen; the oldest ends for the next. */
  suspendedMax: z
    .int()
    .min(0)
    .max(suspendedMost, `a workstation keeps ${String(suspendedMost)} at most`)
    .default(suspendedMost),
  /** A cut-off workstation decides by itself from what it last heard, for so long; 0: never. */
  offlineMaxMs: durationMs.default(0),
  /** What opens there then: the EHR cannot be signed in to, so no step may want a sign-in. */
  downtimeSteps: downtimeSteps.default([]),
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
  /** What can be done about badges and PINs at its workstations. */
  errands: z
    .array(errandKind)
    .max(errandKinds.length)
    .default([...errandKinds]),
  /**
   * Roles whose people may speak for a colleague without a badge or PIN; empty: nobody, and what
   * needs a witness is not offered.
   */
  witnessRoles: z.array(word).max(32).default([]),
  /** Roles whose people two colleagues speak for, anywhere in the house; witnesses are such. */
  twoWitnessRoles: z.array(word).max(32).default([]),
  /**
   * When its workstations may be updated, by the site's clock, and only while nobody is there; none:
   * never by themselves.
   */
  updateWindows: z
    .array(updateWindow)
    .max(14)
    .default([{ days: [1, 2, 3, 4, 5, 6, 7], from: '02:00', until: '04:30' }]),
  /** What for, how long, and with whom policy's no can be overridden for a patient's sake. */
  emergency: emergencySettings.prefault({}),
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
  const emergency = offeredReasons(settings.emergency)
  const errands = offeredErrands(settings)
  return {
    zoneId: zoneId.parse(zone.id),
    zoneKind: zone.kind,
    label: zone.label,
    idleMs: settings.idleMs,
    fadeMs: settings.fadeMs,
    staleMs: settings.staleMs,
    publicView: settings.publicView,
    presentIdleMs: settings.presentIdleMs,
    awayIdleMs: settings.awayIdleMs,
    activeMs: settings.activeMs,
    cardStays: settings.cardStays,
    takeOver: settings.takeOver,
    takeOverMs: settings.takeOverMs,
    suspendedMax: settings.suspendedMax,
    offlineMaxMs: settings.offlineMaxMs,
    ...(emergency === undefined ? {} : { emergency }),
    ...(errands.length === 0 ? {} : { errands }),
    pinDigitsMin: digits.min,
    pinDigitsMax: digits.max,
    nameShown: settings.nameShown,
    serviceDesk: settings.serviceDesk,
  }
}

/** Where nobody may be a witness, nothing is offered that needs one. */
export function offeredErrands({
  errands,
  witnessRoles,
}: Pick<ZoneSettings, 'errands' | 'witnessRoles'>): ErrandKind[] {
  const offered = new Set(errands)
  return [...offered].filter((kind) => witnessRoles.length > 0 || !witnessedErrands.includes(kind))
}
