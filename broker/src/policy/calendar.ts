// Shifts in the site's time zone, from hours that repeat each week and from a roster: who is on
// shift at a moment, and when that changes by time alone. Pure: the moment is handed in.

import { Temporal } from 'temporal-polyfill'

export interface SiteCalendar {
  /** As the IANA database names it: "Europe/Berlin". */
  readonly timeZone: string
  /** Dates like "2026-12-25": they count as Sundays. */
  readonly holidays: ReadonlySet<string>
}

interface WeeklyHours {
  /** ISO 8601: 1 is Monday. */
  readonly days: readonly number[]
  readonly from: string
  readonly until: string
  readonly kind: 'shift' | 'on-call'
}

interface Stretch {
  readonly fromMs: number
  readonly untilMs: number
  readonly kind: 'shift' | 'on-call'
}

export interface Schedule {
  readonly hours: readonly WeeklyHours[]
  readonly roster: readonly Stretch[]
}

/** `unknown`: nobody has said when she works. */
export const shifts = ['on', 'on-call', 'off', 'unknown'] as const
export type Shift = (typeof shifts)[number]

/** A shift that is also somebody's on-call time is a shift. */
export function shiftAt(schedule: Schedule, calendar: SiteCalendar, nowMs: number): Shift {
  if (schedule.hours.length === 0 && schedule.roster.length === 0) return 'unknown'
  const now = stretchesIn(schedule, calendar, nowMs, nowMs).filter(
    ({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs,
  )
  if (now.some(({ kind }) => kind === 'shift')) return 'on'
  return now.length > 0 ? 'on-call' : 'off'
}

/** The moments after `afterMs`, up to and with `untilMs`, at which a stretch begins or ends. */
export function shiftChanges(
  schedule: Schedule,
  calendar: SiteCalendar,
  afterMs: number,
  untilMs: number,
): readonly number[] {
  return stretchesIn(schedule, calendar, afterMs, untilMs)
    .flatMap((stretch) => [stretch.fromMs, stretch.untilMs])
    .filter((atMs) => afterMs < atMs && atMs <= untilMs)
}

function stretchesIn(
  { hours, roster }: Schedule,
  calendar: SiteCalendar,
  fromMs: number,
  untilMs: number,
): readonly Stretch[] {
  if (hours.length === 0) return roster
  const stretches = [...roster]
  // A night begins on the day before; and where a whole day was left out of the calendar, on the
  // one before that.
  let date = dateAt(fromMs, calendar).subtract({ days: 2 })
  const end = dateAt(untilMs, calendar).add({ days: 1 })
  while (Temporal.PlainDate.compare(date, end) <= 0) {
    const day = calendar.holidays.has(date.toString()) ? sunday : date.dayOfWeek
    for (const one of hours) {
      if (one.days.includes(day)) stretches.push(stretchOn(date, one, calendar))
    }
    date = date.add({ days: 1 })
  }
  return stretches
}

const sunday = 7

/**
 * A start that the clock skips or shows twice is taken as early as it can be meant, an end as late:
 * nobody is sent away in the middle of a night for a change of clocks.
 */
function stretchOn(date: Temporal.PlainDate, hours: WeeklyHours, calendar: SiteCalendar): Stretch {
  // An end that is not after the start is on the next day; the same time means a whole day.
  const endDate = hours.until > hours.from ? date : date.add({ days: 1 })
  return {
    fromMs: momentOf(date, hours.from, 'earlier', calendar),
    untilMs: momentOf(endDate, hours.until, 'later', calendar),
    kind: hours.kind,
  }
}

/** By calendar: what was worked out once; the same few moments are asked for everybody. */
const known = new WeakMap<SiteCalendar, Map<string, number>>()
const knownMax = 10_000

function momentOf(
  date: Temporal.PlainDate,
  time: string,
  disambiguation: 'earlier' | 'later',
  calendar: SiteCalendar,
): number {
  const moments = known.get(calendar) ?? new Map<string, number>()
  known.set(calendar, moments)
  const key = `${date.toString()}T${time} ${disambiguation}`
  const found = moments.get(key)
  if (found !== undefined) return found
  const moment = date
    .toPlainDateTime(Temporal.PlainTime.from(time))
    .toZonedDateTime(calendar.timeZone, { disambiguation }).epochMilliseconds
  if (moments.size >= knownMax) moments.clear()
  moments.set(key, moment)
  return moment
}

function dateAt(atMs: number, { timeZone }: SiteCalendar): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate()
}
