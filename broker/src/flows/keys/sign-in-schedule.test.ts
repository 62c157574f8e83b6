// Whatever is ordered and whenever somebody looks: nothing signs that was not shown long enough, and
// nothing is taken away that is still of use.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstSchedule, isDue, nextOf, parseSchedule } from './sign-in-schedule.ts'
import { settleMs, shownAt, withNext } from './sign-in-schedule.ts'
import type { SignInSchedule } from './sign-in-schedule.ts'

const hourMs = 3_600_000
const times = { shownMs: 24 * hourMs, keepMs: 12 * hourMs, periodMs: 90 * 24 * hourMs }
const idOf = (number: number): string => number.toString(16).padStart(16, '0')
const next = (before: SignInSchedule, number: number, nowMs: number, reason = 'scheduled') =>
  withNext(
    before,
    {
      id: idOf(number),
      reason: reason === 'scheduled' ? 'scheduled' : 'compromised',
      order: idOf(number),
    },
    nowMs,
    times,
  )
const idsAt = (schedule: SignInSchedule, nowMs: number) =>
  shownAt(schedule, nowMs).map(({ id }) => id)

describe('the schedule of sign-in keys', () => {
  const began = firstSchedule(0)

  it('shows the next for its whole time, signs with it, and keeps the old one until it is of no use', () => {
    const ordered = next(began, 1, hourMs)
    const signsMs = hourMs + times.shownMs
    expect(idsAt(ordered, hourMs)).toEqual(['first', idOf(1)])
    expect(idsAt(ordered, signsMs - 1)).toEqual(['first', idOf(1)])
    expect(idsAt(ordered, signsMs)).toEqual([idOf(1), 'first'])
    expect(idsAt(ordered, signsMs + times.keepMs - 1)).toEqual([idOf(1), 'first'])
    expect(idsAt(ordered, signsMs + times.keepMs)).toEqual([idOf(1)])
  })
  it('is due so early that the next can sign when the period is over', () => {
    const dueMs = times.periodMs - times.shownMs
    expect(isDue(began, dueMs - 1, times)).toBe(false)
    expect(isDue(began, dueMs, times)).toBe(true)
    expect(isDue(next(began, 1, dueMs), dueMs + 1, times)).toBe(false)
    expect(isDue(began, dueMs * 100, { ...times, periodMs: 0 })).toBe(false)
  })
  it('does not hurry for a second order while one is shown, and remembers that it saw it', () => {
    const ordered = next(began, 1, 0)
    const again = next(ordered, 2, hourMs)
    expect(again.generations).toEqual(ordered.generations)
    expect(again.order).toBe(idOf(2))
  })
  it('where keys are with others, ends them as soon as all brokers show the next', () => {
    const ordered = next(began, 1, 0)
    const hurried = next(ordered, 2, hourMs, 'compromised')
    expect(nextOf(hurried, hourMs)?.id).toBe(idOf(2))
    expect(idsAt(hurried, hourMs)).toEqual(['first', idOf(2)])
    expect(idsAt(hurried, hourMs + settleMs)).toEqual([idOf(2)])
  })
  it('is read as it was written, and not with other words', () => {
    const ordered = next(began, 1, 0)
    expect(parseSchedule(JSON.stringify(ordered))).toEqual(ordered)
    for (const text of [
      '{}',
      '{"generations":[],"order":""}',
      JSON.stringify({ ...ordered, x: 1 }),
    ]) {
      expect(() => parseSchedule(text)).toThrow()
    }
    const elsewhere = { generations: [{ id: '../root', shownMs: 0, signsMs: 0 }], order: '' }
    expect(() => parseSchedule(JSON.stringify(elsewhere))).toThrow()
  })
  it('never signs with what was not shown long enough, whatever is ordered when', () => {
    const order = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.boolean())
    fc.assert(
      fc.property(fc.array(order, { maxLength: 12 }), (orders) => {
        let schedule = began
        let nowMs = 0
        let shown = new Map<string, number>([['first', -times.shownMs]])
        let number = 0
        let hurriedMs = -Infinity
        const look = (): void => {
          const ids = idsAt(schedule, nowMs)
          const [signing = ''] = ids
          shown = new Map(ids.map((id) => [id, shown.get(id) ?? nowMs]))
          expect(ids.length).toBeGreaterThan(0)
          const neededMs = nowMs - hurriedMs <= 36 * hourMs ? settleMs : times.shownMs
          expect(nowMs - (shown.get(signing) ?? Infinity)).toBeGreaterThanOrEqual(neededMs)
        }
        for (const [waitHours, isHurried] of orders) {
          for (let hour = 0; hour < waitHours; hour++) {
            nowMs += hourMs
            look()
          }
          number += 1
          if (isHurried) hurriedMs = nowMs
          schedule = next(schedule, number, nowMs, isHurried ? 'compromised' : 'scheduled')
          look()
        }
      }),
    )
  })
})
