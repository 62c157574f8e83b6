// Months of the site's calendar, the newest first: the one that goes on, and those before it. Pure.

import { Temporal } from 'temporal-polyfill'
import type { Period } from './read-figures.ts'

export function monthsBack(count: number, timeZone: string, nowMs: number): readonly Period[] {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone)
  const first = now.toPlainDate().with({ day: 1 })
  const beginMs = (back: number): number =>
    first.subtract({ months: back }).toZonedDateTime(timeZone).epochMilliseconds
  return Array.from({ length: count }, (_none, back) => ({
    fromMs: beginMs(back),
    untilMs:
      back === 0
        ? first.add({ months: 1 }).toZonedDateTime(timeZone).epochMilliseconds
        : beginMs(back - 1),
  }))
}
