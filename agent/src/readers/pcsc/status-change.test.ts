import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stateBits } from './pcsc-codes.ts'
import { compareLooks } from './status-change.ts'
import type { LastLook } from './status-change.ts'

const { changed, empty, mute, present, unavailable, unknown } = stateBits
const withCount = (bits: number, count: number) => (bits | (count << 16)) >>> 0
const look = (last: Partial<LastLook>): LastLook => ({
  present: false,
  mute: false,
  count: 0,
  ...last,
})
const kinds = (last: LastLook | undefined, state: number, counts = true) =>
  compareLooks(last, state, counts).happenings.map((happening) => happening.kind)

describe('two looks at a reader', () => {
  it('knows a card that was there at the first look from one that came', () => {
    expect(compareLooks(undefined, present | changed, true).happenings).toEqual([
      { kind: 'came', fresh: false },
    ])
    expect(compareLooks(look({}), withCount(present | changed, 1), true).happenings).toEqual([
      { kind: 'came', fresh: true },
    ])
  })

  it('tells a card that went', () => {
    expect(kinds(look({ present: true, count: 1 }), withCount(empty, 2))).toEqual(['went'])
  })

  it('tells one card for another between two looks', () => {
    const last = look({ present: true, count: 5 })
    expect(kinds(last, withCount(present, 7))).toEqual(['went', 'came'])
  })

  it('tells a card that was shown too briefly to be read', () => {
    expect(kinds(look({ count: 5 }), withCount(empty, 7))).toEqual(['flicked'])
    expect(kinds(look({ present: true, count: 5 }), withCount(empty, 8))).toEqual([
      'went',
      'flicked',
    ])
  })

  it('sees that much even for the first card since the service started', () => {
    expect(kinds(look({ count: 0 }), withCount(empty, 2))).toEqual(['flicked'])
  })

  it('counts on over the edge of sixteen bits', () => {
    const last = look({ present: true, count: 0xffff })
    expect(kinds(last, withCount(present, 1))).toEqual(['went', 'came'])
    expect(kinds(look({ count: 0xffff }), withCount(present, 0))).toEqual(['came'])
  })

  it('makes no card of one that does not answer, until it does', () => {
    expect(kinds(look({}), withCount(present | mute, 1))).toEqual(['came-mute'])
    const last = look({ present: true, mute: true, count: 1 })
    expect(kinds(last, withCount(present, 1))).toEqual(['came'])
    expect(kinds(last, withCount(empty, 2))).toEqual(['went'])
  })

  it('takes a card that falls silent for gone, and its answering again for no tap', () => {
    const silent = compareLooks(
      look({ present: true, count: 1 }),
      withCount(present | mute, 1),
      true,
    )
    expect(silent.happenings).toEqual([{ kind: 'went' }])
    expect(compareLooks(silent.look, withCount(present, 1), true).happenings).toEqual([
      { kind: 'came', fresh: false },
    ])
  })

  it('takes a reader that has become unavailable for empty', () => {
    const last = look({ present: true, count: 1 })
    expect(kinds(last, withCount(unavailable, 1))).toEqual(['went'])
    expect(kinds(last, withCount(unavailable | unknown | changed, 1))).toEqual(['went'])
  })

  it('takes a state that says nothing for no news', () => {
    const last = look({ present: true, count: 1 })
    expect(compareLooks(last, 0, true)).toEqual({ look: last, happenings: [] })
    expect(compareLooks(last, changed, true)).toEqual({ look: last, happenings: [] })
  })

  it('does not believe counters where nobody counts', () => {
    expect(kinds(look({ present: true }), withCount(present, 9), false)).toEqual([])
  })

  it('misses no card, however rarely it looks, as long as it is looked at in time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 6 }), { maxLength: 60 }), (movesBetweenLooks) => {
        let last: LastLook | undefined = look({})
        let count = 0
        let told = { came: 0, went: 0, flicked: 0 }
        for (const moves of movesBetweenLooks) {
          count += moves
          const state = withCount(count % 2 === 1 ? present : empty, count % 0x10000)
          const compared = compareLooks(last, state, true)
          last = compared.look
          const happened = compared.happenings.map((happening) => happening.kind)
          if (moves > 0) expect(happened).not.toEqual([])
          told = {
            came: told.came + happened.filter((kind) => kind === 'came').length,
            went: told.went + happened.filter((kind) => kind === 'went').length,
            flicked: told.flicked + happened.filter((kind) => kind === 'flicked').length,
          }
        }
        expect(told.came - told.went).toBe(count % 2)
      }),
    )
  })
})
