import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerOf,
  commands,
  isNoCard,
  parseCardData,
  parsePage0,
  quietPage0,
  reportFor,
  reportOfPage,
} from './rf-ideas-report.ts'

describe('reports of rf IDEAS readers', () => {
  it('go out as nine bytes: no report id, the command, nothing', () => {
    expect(Buffer.from(reportFor(commands.cardData)).toString('hex')).toBe('008f00000000000000')
    expect(Buffer.from(reportFor(commands.finishConfiguration, 0)).toString('hex')).toBe(
      '009000000000000000',
    )
  })

  it('come back as nine bytes or not at all', () => {
    expect(answerOf(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8))).toEqual(
      Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    )
    expect(answerOf(new Uint8Array(8))).toBeUndefined()
    expect(answerOf(new Uint8Array(0))).toBeUndefined()
  })

  it('carry the lowest byte of a card first', () => {
    const stripped = parseCardData(Uint8Array.of(0xd2, 0x04, 0x1e, 0, 0, 0, 0, 0), 24)
    expect(stripped).toEqual({ length: 24, value: 0x1e04d2n })
  })

  it('are cut to the bits that the reader says there are', () => {
    expect(parseCardData(new Uint8Array(8).fill(0xff), 26)?.value).toBe(0x3ffffffn)
    expect(parseCardData(new Uint8Array(8).fill(0xff), 0)).toBeUndefined()
    expect(parseCardData(new Uint8Array(8).fill(0xff), 65)).toBeUndefined()
    expect(parseCardData(new Uint8Array(8).fill(0xff), 64)?.value).toBe(2n ** 64n - 1n)
  })

  it('say what is stripped: leading in the low half, trailing in the high', () => {
    const page = Uint8Array.of(3, 5, 0x12, 0, 0, 0, 40, 0x41)
    expect(parsePage0(page)).toEqual({ leadingStripped: 2, trailingStripped: 1, types: true })
    expect(parsePage0(new Uint8Array(0))).toEqual({
      leadingStripped: 0,
      trailingStripped: 0,
      types: true,
    })
  })

  it('make a reader quiet and leave all else as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (page) => {
        const quiet = quietPage0(page)
        expect(parsePage0(quiet)).toEqual({ leadingStripped: 0, trailingStripped: 0, types: false })
        const kept = [0, 1, 3, 4, 5, 6] as const
        expect(kept.map((at) => quiet[at])).toEqual(kept.map((at) => page[at]))
        expect((quiet[7] ?? 0) & 0x7f).toBe((page[7] ?? 0) & 0x7f)
        expect(Buffer.from(reportOfPage(quiet)).subarray(1).equals(quiet)).toBe(true)
      }),
    )
  })

  it('are no card when they are all nothing', () => {
    expect(isNoCard(new Uint8Array(8))).toBe(true)
    expect(isNoCard(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1))).toBe(false)
  })
})
