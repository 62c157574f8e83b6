// How often a thing took how long, in classes each 9 % wider than the one before: small, added up
// without loss, and good enough for "95 of 100 took at most". Pure.

import { z } from 'zod'

/** By class: how many. */
export type Histogram = Map<number, number>

/** Eight classes for each doubling, from a tenth of a millisecond to more than an hour. */
const perDoubling = 8
const smallestMs = 0.1
const classMax = 210

/** What is no time is counted nowhere. */
export function countTime(into: Histogram, ms: number): void {
  if (!Number.isFinite(ms) || ms < 0) return
  const at = Math.ceil(Math.log2(Math.max(ms, smallestMs) / smallestMs) * perDoubling)
  add(into, Math.min(at, classMax), 1)
}

export function addUp(into: Histogram, more: Histogram): void {
  for (const [at, count] of more) add(into, at, count)
}

function add(into: Histogram, at: number, count: number): void {
  into.set(at, (into.get(at) ?? 0) + count)
}

export function countOf(times: Histogram): number {
  let all = 0
  for (const count of times.values()) all += count
  return all
}

/** So many of a hundred took at most this: the upper edge of a class. 0 where there is nothing. */
export function withinMs(times: Histogram, percent: number): number {
  const wanted = (countOf(times) * percent) / 100
  let seen = 0
  for (const at of [...times.keys()].sort((a, b) => a - b)) {
    seen += times.get(at) ?? 0
    if (seen >= wanted) return rounded(smallestMs * 2 ** (at / perDoubling))
  }
  return 0
}

const rounded = (ms: number): number => (ms < 10 ? Math.ceil(ms * 10) / 10 : Math.ceil(ms))

/** `12:3 14:1`, as it is kept. */
export const writeTimes = (times: Histogram): string =>
  [...times].map(([at, count]) => `${String(at)}:${String(count)}`).join(' ')

const kept = z.string().regex(/^\d{1,3}:\d{1,9}( \d{1,3}:\d{1,9})*$/)

/** Throws where it was written by nobody here. */
export function readTimes(text: string): Histogram {
  const words = kept.parse(text).split(' ')
  return new Map(
    words.flatMap((word) => {
      const [at, count] = word.split(':').map(Number)
      return at === undefined || count === undefined ? [] : [[at, count] as const]
    }),
  )
}
