// When a loaner badge ends: an hour after the shift that it was given in, and never later than the
// site allows. Pure.

import { shiftAt, shiftChanges } from './calendar.ts'
import type { Schedule, SiteCalendar } from './calendar.ts'

/** Nobody is locked out in the middle of a hand-over. */
const overtimeMs = 3_600_000

export function loanerEnd(
  schedule: Schedule,
  calendar: SiteCalendar,
  nowMs: number,
  lastsMs: number,
): number {
  const latestMs = nowMs + lastsMs
  if (shiftAt(schedule, calendar, nowMs) !== 'on') return latestMs
  const over = shiftChanges(schedule, calendar, nowMs, latestMs)
    .toSorted((a, b) => a - b)
    .find((atMs) => shiftAt(schedule, calendar, atMs) !== 'on')
  return over === undefined ? latestMs : Math.min(latestMs, over + overtimeMs)
}
