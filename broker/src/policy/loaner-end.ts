// When a loaner badge ends: an hour after the last shift of the day that it was given in, and never
// later than the site allows. Pure.

import { shiftAt, shiftChanges } from './calendar.ts'
import type { Schedule, SiteCalendar } from './calendar.ts'

/** Nobody is locked out in the middle of a hand-over. */
const overtimeMs = 3_600_000
/** Off for so long is a night's rest: what comes after it is another day. */
const restMs = 8 * 3_600_000

export function loanerEnd(
  schedule: Schedule,
  calendar: SiteCalendar,
  nowMs: number,
  lastsMs: number,
): number {
  const latestMs = nowMs + lastsMs
  if (shiftAt(schedule, calendar, nowMs) !== 'on') return latestMs
  let overMs: number | undefined
  let isOn = true
  for (const atMs of shiftChanges(schedule, calendar, nowMs, latestMs).toSorted((a, b) => a - b)) {
    const isOnThen = shiftAt(schedule, calendar, atMs) === 'on'
    if (isOn && !isOnThen) overMs = atMs
    if (isOnThen && !isOn && overMs !== undefined && atMs - overMs >= restMs) break
    isOn = isOnThen
  }
  return isOn || overMs === undefined ? latestMs : Math.min(latestMs, overMs + overtimeMs)
}
