// Since when something is so: no time that has not come yet.

import { expect, it } from 'vitest'
import { pastOrNone } from './page-time.ts'

const nowMs = new Date(2026, 10, 24, 6, 16).getTime()

it('is told as the agent has it', () => {
  expect(pastOrNone(nowMs - 60_000, nowMs)).toBe(nowMs - 60_000)
  expect(pastOrNone(nowMs, nowMs)).toBe(nowMs)
})
it('refuses/a time that is yet to come, by a clock that was set back since', () => {
  expect(pastOrNone(nowMs + 9 * 60_000, nowMs)).toBeUndefined()
})
it('refuses/to make up what it was not told', () => {
  expect(pastOrNone(undefined, nowMs)).toBeUndefined()
})
