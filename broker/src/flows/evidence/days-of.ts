// Which time days of the site's calendar are, both of them in it. Pure.

import { Temporal } from 'temporal-polyfill'
import type { Period } from '../../audit/evidence/evidence-rule.ts'

const daysMax = 400

export interface SiteDays extends Period {
  /** The last day is not over. */
  readonly isOpen: boolean
}

export interface Days {
  readonly from: string
  readonly to: string
}

/**
 * Until now at most; nothing where there is no such day in the calendar, the last one is before the
 * first, the first is still to come, or there are too many.
 */
export function daysOf({ from, to }: Days, timeZone: string, nowMs: number): SiteDays | undefined {
  const [first, last] = [dayOf(from), dayOf(to)]
  if (!first || !last) return undefined
  const days = first.until(last).days + 1
  const fromMs = first.toZonedDateTime(timeZone).epochMilliseconds
  const endMs = last.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
  // What is of this very millisecond has happened.
  const untilMs = Math.min(endMs, nowMs + 1)
  return days >= 1 && days <= daysMax && fromMs <= nowMs
    ? { fromMs, untilMs, isOpen: endMs > nowMs }
    : undefined
}

function dayOf(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text)
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    return undefined
  }
}
