// What is so of a person at one moment, from the facts that HR keeps of her: whether her time has
// begun and is not over, her shift, her training. And when that changes by time alone. Pure.

import { shiftAt, shiftChanges } from './calendar.ts'
import type { Schedule, Shift, SiteCalendar } from './calendar.ts'

/** As the store keeps it of a person (identity/access-facts). */
export interface Access extends Schedule {
  readonly startsMs?: number | undefined
  readonly endsMs?: number | undefined
  readonly zones?: readonly string[] | undefined
  readonly needsEscort: boolean
  /** By kind: the moment from which it has lapsed. */
  readonly training: Readonly<Record<string, number>>
}

export interface AccessStanding {
  /** Within her employment or contract. */
  readonly term: 'within' | 'not-begun' | 'over'
  readonly shift: Shift
  /** Kinds that are current, in order. */
  readonly training: readonly string[]
  readonly ownZones: readonly string[] | undefined
  readonly needsEscort: boolean
}

export function standingAt(access: Access, calendar: SiteCalendar, nowMs: number): AccessStanding {
  return {
    term: termAt(access, nowMs),
    shift: shiftAt(access, calendar, nowMs),
    training: Object.entries(access.training)
      .filter(([, lapsesMs]) => nowMs < lapsesMs)
      .map(([kind]) => kind)
      .sort(),
    ownZones: access.zones,
    needsEscort: access.needsEscort,
  }
}

/** The moments at which her standing changes by itself, in order, each once. */
export function standingChanges(
  access: Access,
  calendar: SiteCalendar,
  afterMs: number,
  untilMs: number,
): readonly number[] {
  const { startsMs, endsMs, training } = access
  const dates = [startsMs, endsMs, ...Object.values(training)].filter(
    (atMs): atMs is number => atMs !== undefined && afterMs < atMs && atMs <= untilMs,
  )
  const changes = [...dates, ...shiftChanges(access, calendar, afterMs, untilMs)]
  return [...new Set(changes)].sort((a, b) => a - b)
}

export function termAt(
  { startsMs, endsMs }: Pick<Access, 'startsMs' | 'endsMs'>,
  nowMs: number,
): AccessStanding['term'] {
  if (startsMs !== undefined && nowMs < startsMs) return 'not-begun'
  return endsMs !== undefined && nowMs >= endsMs ? 'over' : 'within'
}
