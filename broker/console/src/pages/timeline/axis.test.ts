import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moved, msAt, parseZoom, showing, ticksOf, writeZoom, xOf, zoomed } from './axis.ts'
import type { View } from './axis.ts'

const hour = 3_600_000
const day = 24 * hour
const start = Date.UTC(2026, 10, 26)
const all: View = { fromMs: start, toMs: start + day }
const width = ({ fromMs, toMs }: View): number => toMs - fromMs
const isIn = ({ fromMs, toMs }: View): boolean => fromMs >= all.fromMs && toMs <= all.toMs

describe('a time axis', () => {
  it('puts times where they are, and finds them there', () => {
    expect(xOf(start + 6 * hour, all, 1000)).toBe(250)
    expect(msAt(250, all, 1000)).toBe(start + 6 * hour)
  })
  it('zooms about what is under the hand', () => {
    const at = start + 6 * hour
    const near = zoomed(all, 0.5, at, all)
    expect(width(near)).toBe(12 * hour)
    expect(xOf(at, near, 1000)).toBeCloseTo(xOf(at, all, 1000), 6)
  })
  it('never leaves what there is, nor gets nearer than can be told', () => {
    const step = fc.record({
      factor: fc.double({ min: 0.001, max: 1000, noNaN: true }),
      share: fc.double({ min: -5, max: 5, noNaN: true }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let view = all
        for (const { factor, share, at } of steps) {
          view = zoomed(view, factor, view.fromMs + width(view) * at, all)
          view = moved(view, share, all)
          if (!isIn(view) || width(view) < 1999) return false
        }
        return true
      }),
    )
  })
  it('moves by what is in view, and stops at the ends', () => {
    const near = { fromMs: start + hour, toMs: start + 2 * hour }
    expect(moved(near, 0.5, all).fromMs).toBe(start + 1.5 * hour)
    expect(moved(near, -9, all)).toEqual({ fromMs: start, toMs: start + hour })
    expect(moved(near, 99, all).toMs).toBe(all.toMs)
  })
  it('shows an interval, and stays where it is seen already', () => {
    const near = { fromMs: start, toMs: start + hour }
    expect(showing(near, { fromMs: start + 1, toMs: start + 2 }, all)).toBe(near)
    const far = { fromMs: start + 20 * hour, toMs: start + 22 * hour }
    const shown = showing(near, far, all)
    expect(shown.fromMs).toBeLessThan(far.fromMs)
    expect(shown.toMs).toBeGreaterThan(far.toMs)
    expect(isIn(shown)).toBe(true)
  })
})

describe('marks of an axis', () => {
  it('stand at whole hours of the viewer’s zone', () => {
    const offset = 5.5 * hour
    const { stepMs, atMs } = ticksOf(all, 1000, offset)
    expect(stepMs).toBe(3 * hour)
    expect(atMs.every((ms) => (ms + offset) % stepMs === 0)).toBe(true)
  })
  it('never crowd, from seconds to a month', () => {
    for (const length of [2000, 60_000, hour, day, 7 * day, 31 * day]) {
      const { atMs } = ticksOf({ fromMs: start, toMs: start + length }, 900, 0)
      expect(atMs.length).toBeLessThanOrEqual(11)
      expect(atMs.length).toBeGreaterThan(1)
    }
  })
})

describe('what is in view, in an address', () => {
  it('comes back as it was; all of it needs no word', () => {
    const near = { fromMs: start + hour, toMs: start + 2 * hour }
    expect(parseZoom(writeZoom(near, all), all)).toEqual(near)
    expect(writeZoom(all, all)).toBeUndefined()
  })
  it.each([
    undefined,
    '',
    'x-y',
    '5-4',
    `${String(start - 1)}-${String(start + hour)}`,
    `${String(start)}-${String(start + day + 1)}`,
    `${String(start + 5)}-${String(start + 6)}`,
  ])('is all of it for %s', (text) => {
    expect(parseZoom(text, all)).toBe(all)
  })
})
