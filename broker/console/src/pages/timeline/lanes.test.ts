import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { span } from '@wardkey/protocol/console/timeline'
import type { Span } from '@wardkey/protocol/console/timeline'
import { blocksOf, laneNames, layLanes } from './lanes.ts'

const spanOf = (fromMs: number, untilMs?: number, more = {}): Span =>
  span.parse({
    ...{ lane: 'session', kind: 'open', fromMs, isCut: false, facts: [Math.max(0, fromMs)] },
    ...(untilMs === undefined ? {} : { untilMs }),
    ...more,
  })
const rowsOf = (spans: readonly Span[]): readonly (readonly Span[])[] =>
  layLanes(spans).find(({ name }) => name === 'session')!.rows
const view = { fromMs: 0, toMs: 1000 }

describe('lanes', () => {
  it('are all there, in one order, also where nothing lies in them', () => {
    expect(layLanes([]).map(({ name }) => name)).toEqual(['door', 'presence', 'session', 'launch'])
    expect(laneNames).toHaveLength(4)
  })
  it('lay what overlaps under one another, and what follows into the same row', () => {
    const rows = rowsOf([spanOf(5, 15), spanOf(0, 10), spanOf(10, 20)])
    expect(rows.map((row) => row.map(({ fromMs }) => fromMs))).toEqual([[0, 10], [5]])
  })
  it('keep a row for what lasts', () => {
    expect(rowsOf([spanOf(0), spanOf(500, 600), spanOf(700, 800)])).toHaveLength(2)
  })
  it('lose nothing, and overlap nowhere', () => {
    const any = fc.tuple(fc.nat(1000), fc.option(fc.nat(200), { nil: undefined }))
    fc.assert(
      fc.property(fc.array(any, { maxLength: 80 }), (pairs) => {
        const spans = pairs.map(([from, length]) =>
          spanOf(from, length === undefined ? undefined : from + length),
        )
        const rows = rowsOf(spans)
        const apart = rows.every((row) =>
          row.every((one, at) => {
            const next = row[at + 1]
            return !next || (one.untilMs !== undefined && one.untilMs <= next.fromMs)
          }),
        )
        return apart && rows.flat().length === spans.length
      }),
    )
  })
})

describe('blocks of a row', () => {
  it('are only what is in view, cut at its edges', () => {
    const row = [spanOf(-50, -10), spanOf(-5, 100), spanOf(900, 2000), spanOf(3000)]
    const blocks = blocksOf(row, view, 1000)
    expect(blocks.map(({ x, width }) => [x, width])).toEqual([
      [0, 100],
      [900, 100],
    ])
  })
  it('go to the edge where what they show lasts', () => {
    expect(blocksOf([spanOf(400)], view, 1000)).toMatchObject([{ x: 400, width: 600, count: 1 }])
  })
  it('are one where neighbours are too small, however many they are', () => {
    const row = Array.from({ length: 2000 }, (_, at) => spanOf(at * 10, at * 10 + 5))
    const blocks = blocksOf(row, { fromMs: 0, toMs: 20_000 }, 900)
    expect(blocks.length).toBeLessThanOrEqual(900 / 2)
    expect(blocks.reduce((sum, { count }) => sum + count, 0)).toBe(2000)
  })
  it('never swallow what is marked', () => {
    const row = Array.from({ length: 100 }, (_, at) =>
      spanOf(at * 10, at * 10 + 5, at === 50 ? { isEmergency: true } : {}),
    )
    const blocks = blocksOf(row, { fromMs: 0, toMs: 100_000 }, 900)
    expect(blocks.filter(({ span: one }) => one.isEmergency)).toMatchObject([{ count: 1 }])
  })
  it('can be seen and hit, however short what they show is', () => {
    expect(blocksOf([spanOf(500, 500)], view, 10)).toMatchObject([{ width: 2 }])
  })
})
