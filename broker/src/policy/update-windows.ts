// When the workstations of a zone may be updated, by the clock on the site's walls. Pure: the moment
// is handed in.

import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

const time = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'has to be a time like 02:30')

export const updateWindow = z.strictObject({
  /** ISO 8601: 1 is Monday. The day on which it begins. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]),
  from: time,
  /** Not after `from`: on the next day; the same time is a whole day. */
  until: time,
})
export type UpdateWindow = z.output<typeof updateWindow>

/**
 * By what the wall clock shows: an hour that is skipped in spring has no window, one that comes
 * twice in autumn has it twice.
 */
export function isInWindow(
  windows: readonly UpdateWindow[],
  timeZone: string,
  nowMs: number,
): boolean {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone)
  const clock = now.toPlainTime().toString({ smallestUnit: 'minute' })
  const today = now.dayOfWeek
  const before = today === 1 ? 7 : today - 1
  return windows.some(({ days, from, until }) => {
    if (from < until) return days.includes(today) && from <= clock && clock < until
    return (days.includes(today) && from <= clock) || (days.includes(before) && clock < until)
  })
}
