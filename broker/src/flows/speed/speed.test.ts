// Classes of times, stages from marks, and what is said to be slower: what is counted, and more of
// what is not.

import { describe, expect, it } from 'vitest'
import type { SpeedOfRelease } from '@wardkey/protocol/admin/speed/speed'
import { findSlower } from './find-slower.ts'
import { addUp, countOf, countTime, readTimes, withinMs, writeTimes } from './histogram.ts'
import type { Histogram } from './histogram.ts'
import { durationsOf } from './stage-durations.ts'

const counted = (...times: readonly number[]): Histogram => {
  const into: Histogram = new Map()
  for (const ms of times) countTime(into, ms)
  return into
}

describe('classes of times', () => {
  it('say at most, and never more than a tenth too much', () => {
    for (const ms of [0.3, 1, 7, 60, 250, 1234, 60_000]) {
      const said = withinMs(counted(ms), 50)
      expect(said).toBeGreaterThanOrEqual(ms)
      expect(said).toBeLessThanOrEqual(Math.max(ms * 1.1 + 1))
    }
  })
  it('tell the slow ones from the many', () => {
    const times = counted(...Array.from({ length: 96 }, () => 10), 500, 500, 500, 900)
    expect(withinMs(times, 50)).toBeLessThan(12)
    expect(withinMs(times, 95)).toBeLessThan(12)
    expect(withinMs(times, 99)).toBeGreaterThan(499)
  })
  it('add up without loss, and are read as they were written', () => {
    const one = counted(1, 1, 50)
    addUp(one, counted(1, 9))
    expect(countOf(one)).toBe(5)
    expect(readTimes(writeTimes(one))).toEqual(one)
  })
  it('count nothing that is no time, and end somewhere', () => {
    const times = counted(Number.NaN, -1, Number.POSITIVE_INFINITY)
    expect(countOf(times)).toBe(0)
    expect(withinMs(times, 99)).toBe(0)
    expect(withinMs(counted(1e12), 50)).toBeLessThan(1e8)
  })
  it.each(['', 'x', '1:2 ', '1:2,3:4', '1:-2', '1:1e9', '1234:1'])('refuse %j', (text) => {
    expect(() => readTimes(text)).toThrow()
  })
})

describe('stages from marks', () => {
  const marks = {
    ...{ read: 20, reader: 22, 'pin-asked': 40, 'pin-given': 3040, broker: 3060 },
    ...{ 'context-created': 3100, 'sign-in-sent': 3110, 'dom-ready': 3300, 'first-paint': 3340 },
  }
  it('leave out the time at the PIN pad', () => {
    expect(Object.fromEntries(durationsOf(marks))).toEqual({
      ...{ reader: 20, agent: 2, broker: 38, screen: 40 },
      ...{ 'sign-in': 200, 'first-paint': 40, total: 340 },
    })
  })
  it('take an agent of before, that does not tell reading from asking', () => {
    expect(Object.fromEntries(durationsOf({ reader: 22, broker: 60 }))).toEqual({
      ...{ reader: 22, broker: 38 },
    })
  })
  it.each([
    ['nothing', {}],
    ['what nobody knows', { lunch: 5 }],
    ['what runs backwards', { reader: 50, broker: 40 }],
    ['a PIN that took longer than everything', { ...marks, 'pin-given': 9e5, 'first-paint': 50 }],
  ])('make no total of %s', (_what, given) => {
    expect(durationsOf(given).get('total')).toBeUndefined()
    expect([...durationsOf(given).values()].every((ms) => ms >= 0)).toBe(true)
  })
})

describe('what is slower', () => {
  const row = (release: string, firstMs: number, p95Ms: number, count = 50): SpeedOfRelease => ({
    ...{ part: 'agent', release, firstMs, lastMs: firstMs, zoneId: '4-west', stage: 'screen' },
    ...{ count, p50Ms: 1, p95Ms, p99Ms: p95Ms },
  })
  const labels = new Map([['4-west', '4 West']])
  it('is said in a sentence, of the newest release against the one before it', () => {
    const rows = [row('0.2.0', 2, 80), row('0.1.0', 1, 40), row('0.3.0', 3, 120)]
    expect(findSlower(rows, labels)).toMatchObject([
      {
        ...{ release: '0.3.0', before: '0.2.0', p95Ms: 120, beforeP95Ms: 80 },
        says:
          '4 West: the window for the chart takes longer since agent 0.3.0. 95 of 100 within ' +
          '120 ms; with 0.2.0 within 80 ms.',
      },
    ])
  })
  it.each([
    ['there is one release', [row('0.1.0', 1, 40)]],
    ['it is faster', [row('0.1.0', 1, 80), row('0.2.0', 2, 40)]],
    ['nobody feels it', [row('0.1.0', 1, 4), row('0.2.0', 2, 12)]],
    ['it is less than a quarter', [row('0.1.0', 1, 400), row('0.2.0', 2, 480)]],
    ['few were counted', [row('0.1.0', 1, 40), row('0.2.0', 2, 400, 39)]],
    ['few were counted before', [row('0.1.0', 1, 40, 39), row('0.2.0', 2, 400)]],
    ['it is another ward', [row('0.1.0', 1, 40), { ...row('0.2.0', 2, 400), zoneId: 'icu' }]],
  ])('is not said where %s', (_why, rows) => {
    expect(findSlower(rows, labels)).toEqual([])
  })
})
