// A workstation's time as the books can have it: what is told beside its own word, and when.

import { expect, it } from 'vitest'
import { ageByClock, bookTime, clockAhead } from './clamp-time.ts'

const minute = 60_000
const hour = 60 * minute
const issuedMs = 1_800_000_000_000

it.each([
  ['its clock had stood right', 0, undefined, hour, undefined],
  ['its clock was ahead all along, as it knew', hour, hour, hour, undefined],
  ['its clock was behind all along, as it knew', -hour, -hour, hour, undefined],
  ['its clock was put forward meanwhile', hour, hour, 2 * hour, hour],
  ['its clock was put back meanwhile', -hour, -hour, 10 * minute, hour],
  ['they differ by what was under way', 10 * minute, 10 * minute, hour + 4000, undefined],
  ['its clock was put right before it came back', 0, undefined, 2 * hour, undefined],
  ['its clock puts it before the bundle', -3 * hour, -hour, hour, 0],
])('where %s', (_what, offMs, clockAheadMs, bundleAgeMs, expected) => {
  const entry = { atMs: issuedMs + hour + offMs, bundleAgeMs }
  expect(ageByClock(entry, issuedMs, clockAheadMs)).toBe(expected)
})
it('says nothing of a bundle that we do not know', () => {
  expect(ageByClock({ atMs: 7, bundleAgeMs: hour }, undefined, hour)).toBeUndefined()
})
it('takes clocks that differ a little for the same', () => {
  expect(clockAhead(2000, 0)).toBeUndefined()
  expect(clockAhead(-2001, 0)).toBe(-2001)
  expect(clockAhead(undefined, 9)).toBeUndefined()
})
it('has what its clock puts after now by ours, and never before what it was decided with', () => {
  const nowMs = issuedMs + hour
  const ahead = 10 * minute
  expect(bookTime(nowMs + 6 * minute, nowMs, issuedMs, ahead)).toEqual({
    ...{ ms: nowMs - 4 * minute, isAhead: true },
  })
  expect(bookTime(nowMs + 6 * minute, nowMs, issuedMs, 9 * hour).ms).toBe(issuedMs)
  expect(bookTime(nowMs + 6 * minute, nowMs, issuedMs, 3 * minute).ms).toBe(nowMs)
  expect(bookTime(nowMs + 6 * minute, nowMs, issuedMs, -ahead).ms).toBe(nowMs)
  expect(bookTime(nowMs - minute, nowMs, issuedMs, ahead).ms).toBe(nowMs - minute)
  expect(bookTime(nowMs + 6 * minute, nowMs).ms).toBe(nowMs)
})
