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
  /** What she has beside this for a while (identity/access-facts). */
  readonly exceptions?: readonly Exception[]
}

interface Exception {
  readonly kind: 'role' | 'zone'
  readonly what: string
  /** The first moment at which it does not hold. */
  readonly untilMs: number
}

export interface AccessStanding {
  /** Within her employment or contract. */
  readonly term: 'within' | 'not-begun' | 'over'
  readonly shift: Shift
  /** Kinds that are current, in order. */
  readonly training: readonly string[]
  readonly ownZones: readonly string[] | undefined
  readonly needsEscort: boolean
  /** Roles that an exception gives her now; absent where none does. */
  readonly extraRoles?: readonly string[]
}

export function standingAt(access: Access, calendar: SiteCalendar, nowMs: number): AccessStanding {
  return {
    term: termAt(access, nowMs),
    shift: shiftAt(access, calendar, nowMs),
    training: Object.entries(access.training)
      .filter(([, lapsesMs]) => nowMs < lapsesMs)
      .map(([kind]) => kind)
      .sort(),
    ownZones: access.zones && [...access.zones, ...granted(access, 'zone', nowMs)],
    needsEscort: access.needsEscort,
    ...(access.exceptions ? { extraRoles: granted(access, 'role', nowMs) } : {}),
  }
}

/** Hers, and those that an exception gives her now. */
export function rolesAt(
  roles: readonly string[],
  access: Pick<Access, 'exceptions'>,
  nowMs: number,
): readonly string[] {
  return access.exceptions ? [...new Set([...roles, ...granted(access, 'role', nowMs)])] : roles
}

function granted(
  { exceptions = [] }: Pick<Access, 'exceptions'>,
  kind: Exception['kind'],
  nowMs: number,
): readonly string[] {
  return exceptions
    .filter((one) => one.kind === kind && nowMs < one.untilMs)
    .map(({ what }) => what)
}

/** The moments at which her standing changes by itself, in order, each once. */
export function standingChanges(
  access: Access,
  calendar: SiteCalendar,
  afterMs: number,
  untilMs: number,
): readonly number[] {
  const { startsMs, endsMs, training, exceptions = [] } = access
  const ends = exceptions.map(({ untilMs: endMs }) => endMs)
  const dates = [startsMs, endsMs, ...Object.values(training), ...ends].filter(
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
