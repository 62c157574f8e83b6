import { describe, expect, it } from 'vitest'
import { timelineMaxMs } from '@wardkey/protocol/console/timeline'
import { addressTime, parseRange, relativeRanges } from './time-range.ts'

const now = Date.UTC(2026, 10, 26, 12, 0, 0)
const hour = 3_600_000
const lastEight = { fromMs: now - 8 * hour, toMs: now, isRelative: true }

describe('a range of time in an address', () => {
  it('reaches back from now, and moves with it in half minutes', () => {
    expect(parseRange({ from: '-24h' }, now)).toEqual({ ...lastEight, fromMs: now - 24 * hour })
    expect(parseRange({ from: '-24h' }, now - 1)).toEqual(
      parseRange({ from: '-24h' }, now - 29_999),
    )
  })
  it('is between two times, in UTC', () => {
    const range = parseRange({ from: '2026-11-26T07:00Z', to: '2026-11-26T07:30:05Z' }, now)
    expect(range).toEqual({
      fromMs: Date.UTC(2026, 10, 26, 7),
      toMs: Date.UTC(2026, 10, 26, 7, 30, 5),
      isRelative: false,
    })
  })
  it('is written as it is read', () => {
    for (const ms of [now, now + 5000]) {
      expect(parseRange({ from: addressTime(now - hour), to: addressTime(ms) }, 0).toMs).toBe(ms)
    }
    expect(addressTime(now)).toBe('2026-11-26T12:00Z')
  })
  it.each([
    ['nothing', {}],
    ['no time', { from: 'yesterday' }],
    ['a local time', { from: '2026-11-26T07:00', to: '2026-11-26T08:00' }],
    ['the end before the beginning', { from: '2026-11-26T09:00Z', to: '2026-11-26T08:00Z' }],
    ['a day that is none', { from: '2026-13-45T07:00Z', to: '2026-11-26T08:00Z' }],
    ['minus nothing', { from: '-0h' }],
    ['another unit', { from: '-8y' }],
  ])('is the last eight hours for %s', (_what, asked) => {
    expect(parseRange(asked, now)).toEqual(lastEight)
  })
  it('is never longer than the protocol lets one ask', () => {
    const asked = [{ from: '-9999d' }, { from: '1999-01-01T00:00Z', to: '2026-11-26T00:00Z' }]
    for (const one of [...asked, ...relativeRanges.map(([from]) => ({ from }))]) {
      const { fromMs, toMs } = parseRange(one, now)
      expect(toMs - fromMs).toBeLessThanOrEqual(timelineMaxMs)
    }
  })
})
