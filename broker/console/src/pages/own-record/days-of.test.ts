import { expect, it } from 'vitest'
import type { OwnSpan } from '@wardkey/protocol/console/own-record'
import { ownSpan } from '@wardkey/protocol/console/own-record'
import { daysOf } from './days-of.ts'

const hour = 3_600_000
const dayMs = Date.UTC(2026, 10, 24)
const screens = ['018f3c1e-0000-4000-8000-00000000000a', '018f3c1e-0000-4000-8000-00000000000b']
const open = (from: number, until?: number, at = 0, kind = 'open'): OwnSpan =>
  ownSpan.parse({
    ...{ lane: 'session', kind, fromMs: dayMs + from * hour, isCut: false },
    ...{ workstationId: screens[at], untilMs: until === undefined ? until : dayMs + until * hour },
  })
const shown = (spans: readonly OwnSpan[], now = 48) =>
  daysOf(spans, dayMs + now * hour, true).map((day) => [
    (day.dayMs - dayMs) / hour,
    (day.firstMs - dayMs) / hour,
    (day.lastMs - dayMs) / hour,
    day.openMs / hour,
    day.screens,
  ])

it('adds up a day, two screens at once being one time', () => {
  expect(shown([open(7, 9), open(8, 10, 1), open(12, 13)])).toEqual([[0, 7, 13, 4, 2]])
})
it('is cut at midnight, the newest day first', () => {
  expect(shown([open(22, 26)])).toEqual([
    [24, 24, 26, 2, 1],
    [0, 22, 24, 2, 1],
  ])
})
it('goes on until now while it lasts', () => {
  expect(shown([open(7)], 9)).toEqual([[0, 7, 9, 2, 1]])
})
it('is nothing of a screen that was locked, and no day without one', () => {
  expect(shown([open(7, 9, 0, 'locked')])).toEqual([])
  expect(shown([])).toEqual([])
})
it('has local days too, whatever their length', () => {
  const days = daysOf([open(0, 72)], dayMs + 72 * hour, false)
  expect(days.reduce((sum, { openMs }) => sum + openMs, 0)).toBe(72 * hour)
})
