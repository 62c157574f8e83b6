// Whole numbers as they are typed behind an option. Refuses before anything is asked of a broker.

import { exitCodes, Refused } from './exit.ts'

/** From 1 on; more than `max` is refused as well as what is no number. */
export function wholeNumber(text: string, option: string, max: number): number {
  const number = /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
  if (number <= max) return number
  throw new Refused(exitCodes.usage, `${option} is a whole number, 1 to ${String(max)}.`)
}
