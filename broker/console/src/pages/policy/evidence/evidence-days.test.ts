import { expect, it } from 'vitest'
import { dayOf, flawOf, lastQuarter } from './evidence-days.ts'

it.each([
  ['2026-01-01', '2025-10-01', '2025-12-31'],
  ['2026-03-31', '2025-10-01', '2025-12-31'],
  ['2026-04-01', '2026-01-01', '2026-03-31'],
  ['2026-08-15', '2026-04-01', '2026-06-30'],
  ['2026-12-31', '2026-07-01', '2026-09-30'],
])('on %s the last quarter was from %s to %s', (today, from, to) => {
  expect(lastQuarter(today)).toEqual({ from, to })
})

it('knows the day by the wall, not by UTC', () => {
  expect(dayOf(new Date(2026, 0, 1, 0, 1))).toBe('2026-01-01')
  expect(dayOf(new Date(2026, 11, 31, 23, 59))).toBe('2026-12-31')
})

it.each([
  ['2026-01-01', '2026-03-31'],
  ['2026-11-27', '2026-11-27'],
  ['2026-11-28', '2026-11-28'],
  ['2025-10-25', '2026-11-28'],
])('lets %s to %s be asked', (from, to) => {
  expect(flawOf({ from, to }, '2026-11-27')).toBeUndefined()
})

it.each([
  ['', '2026-03-31', 'first and a last'],
  ['2026-03-31', '', 'first and a last'],
  ['2026-03-31', '2026-03-30', 'before the first'],
  ['2026-11-29', '2026-11-30', 'still to come'],
  ['2025-10-24', '2026-11-28', '401 days'],
  ['12026-01-01', '2026-01-01', 'first and a last'],
])('says what is wrong with %s to %s', (from, to, says) => {
  expect(flawOf({ from, to }, '2026-11-27')).toContain(says)
})
