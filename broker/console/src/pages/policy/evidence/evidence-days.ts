// For which days evidence is asked: the quarter before this one where nobody says, and what is
// wrong with days that somebody said. Pure: which day it is, it is told.

export interface Days {
  readonly from: string
  readonly to: string
}

const dayMs = 86_400_000
/** As the broker has it. */
const daysMax = 400
const form = /^\d{4}-\d{2}-\d{2}$/

/** As a calendar on the wall has it, where the viewer is. */
export function dayOf(date: Date): string {
  return iso(date.getFullYear(), date.getMonth(), date.getDate())
}

export function lastQuarter(today: string): Days {
  const year = Number(today.slice(0, 4))
  const first = 3 * Math.floor((Number(today.slice(5, 7)) - 1) / 3)
  return { from: iso(year, first - 3, 1), to: iso(year, first, 0) }
}

/** What to change, or nothing where it can be asked. */
export function flawOf({ from, to }: Days, today: string): string | undefined {
  if (!form.test(from) || !form.test(to)) return 'Choose a first and a last day.'
  if (to < from) return 'The last day is before the first: choose a later one.'
  // A site's day can have begun where it has not here.
  if (Date.parse(from) > Date.parse(today) + dayMs) return 'The first day is still to come.'
  const days = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1
  return days > daysMax
    ? `These are ${String(days)} days: choose ${String(daysMax)} at most.`
    : undefined
}

function iso(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)
}
