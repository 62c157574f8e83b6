// How the house is run at one moment, for one zone of it: its own mode before the house's, and the
// usual one where a mode has ended. Pure.

import type { HouseMode } from '../policy/cedar/policy-question.ts'

export interface StandingMode {
  readonly mode: HouseMode
  readonly untilMs: number
}

export interface ZoneModes {
  readonly zone: StandingMode | null
  readonly house: StandingMode | null
}

export function modeAt({ zone, house }: ZoneModes, nowMs: number): HouseMode {
  return [zone, house].find((one) => one !== null && nowMs < one.untilMs)?.mode ?? 'normal'
}

/** When it ends by itself; nothing while it is the usual one. */
export function modeChanges({ zone, house }: ZoneModes): readonly number[] {
  return [zone, house].flatMap((one) => (one === null ? [] : [one.untilMs]))
}
