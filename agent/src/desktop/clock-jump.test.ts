import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeClocks } from './clock-jump.ts'

const limits = { lookEveryMs: 1000, toleranceMs: 2000, stallMs: 10_000 }
const judge = (monoMs: number, wallMs: number) =>
  judgeClocks(
    { monoMs: 5000, wallMs: 1e12 },
    { monoMs: 5000 + monoMs, wallMs: 1e12 + wallMs },
    limits,
  )

describe('two looks at two clocks', () => {
  it.each([
    ['a second like any other', 1000, 1000, 'steady'],
    ['a late timer', 4000, 4000, 'steady'],
    ['a time server that slews', 1000, 1400, 'steady'],
    ['a night with the lid closed, on Linux', 1000, 28_800_000, 'ran-ahead'],
    ['a night with the lid closed, on Windows', 28_800_000, 28_800_000, 'stalled'],
    ['a nap of three seconds, on Linux', 1000, 4001, 'ran-ahead'],
    ['a clock set back an hour', 1000, -3_600_000, 'set-back'],
    ['a main loop that hung for a minute', 60_000, 60_000, 'stalled'],
    ['a clock set back while we hung', 60_000, -3_600_000, 'stalled'],
  ])('%s is %s', (_, monoMs, wallMs, kind) => {
    expect(judge(monoMs, wallMs).kind).toBe(kind)
  })

  it('says for how long', () => {
    expect(judge(1000, 61_000)).toEqual({ kind: 'ran-ahead', ms: 60_000 })
    expect(judge(61_000, 61_000)).toEqual({ kind: 'stalled', ms: 60_000 })
    expect(judge(1000, -59_000)).toEqual({ kind: 'set-back', ms: 60_000 })
  })

  it('never takes a sleep beyond its tolerance for nothing', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 2001, max: 1e9 }), (monoMs, sleepMs) => {
        expect(judge(monoMs, monoMs + sleepMs)).toEqual({ kind: 'ran-ahead', ms: sleepMs })
      }),
    )
  })
})
