import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeWiegand, encodeWiegand, wiegandFormats } from './wiegand-format.ts'

const formats = Object.values(wiegandFormats)
const numbersOf = (format: (typeof formats)[number]) =>
  fc.record({
    ...(format.facility === undefined
      ? {}
      : { facility: fc.integer({ min: 0, max: 2 ** format.facility.length - 1 }) }),
    card: fc.maxSafeInteger().map((n) => Math.abs(n) % 2 ** format.card.length),
  })

describe('Wiegand formats', () => {
  it.each([
    ['h10301', { facility: 123, card: 4567 }, 0x2f623aen],
    ['h10306', { facility: 1234, card: 5678 }, 0x209a42c5cn],
    ['c1k35', { facility: 1234, card: 567890 }, 0x69a5154a4n],
    ['h10302', { card: 123456789 }, 0x100eb79a2bn],
    ['h10304', { facility: 1234, card: 56789 }, 0x104d21bbaan],
  ] as const)('%s has the published bits', (name, numbers, value) => {
    const format = wiegandFormats[name]
    expect(encodeWiegand(format, numbers)).toEqual({ length: format.bits, value })
    expect(decodeWiegand(format, { length: format.bits, value })).toEqual(numbers)
  })

  it('writes 26 bits as the standard prints them', () => {
    const bits = encodeWiegand(wiegandFormats.h10301, { facility: 123, card: 4567 })
    expect(bits?.value.toString(2)).toBe('10111101100010001110101110')
  })

  it('puts the parity of 48 bits where the published masks have it', () => {
    const ones = (value: bigint) => value.toString(2).replaceAll('0', '').length
    fc.assert(
      fc.property(numbersOf(wiegandFormats.c1k48), (numbers) => {
        const value = encodeWiegand(wiegandFormats.c1k48, numbers)?.value ?? 0n
        const bit = (position: number) => Number((value >> BigInt(48 - position)) & 1n)
        expect(bit(2)).toBe(ones(value & 0x1b6db6db6db6n) % 2)
        expect(bit(48)).toBe((ones(value & 0x36db6db6db6cn) + 1) % 2)
        expect(bit(1)).toBe((ones(value & 0x7fffffffffffn) + 1) % 2)
      }),
    )
  })

  it.each(formats)('$name gives back the numbers that went in', (format) => {
    fc.assert(
      fc.property(numbersOf(format), (numbers) => {
        const bits = encodeWiegand(format, numbers)
        if (bits === undefined) throw new Error('did not encode')
        expect(decodeWiegand(format, bits)).toEqual(numbers)
      }),
    )
  })

  it.each(formats)('$name refuses any single bit that was misread', (format) => {
    fc.assert(
      fc.property(
        numbersOf(format),
        fc.integer({ min: 0, max: format.bits - 1 }),
        (numbers, wrong) => {
          const value = (encodeWiegand(format, numbers)?.value ?? 0n) ^ (1n << BigInt(wrong))
          expect(decodeWiegand(format, { length: format.bits, value })).toBeUndefined()
        },
      ),
    )
  })

  it.each(formats)('$name refuses another length, and bits beyond its own', (format) => {
    const value = encodeWiegand(format, { ...(format.facility && { facility: 1 }), card: 1 })?.value
    if (value === undefined) throw new Error('did not encode')
    expect(decodeWiegand(format, { length: format.bits + 1, value })).toBeUndefined()
    const beyond = value | (1n << BigInt(format.bits))
    expect(decodeWiegand(format, { length: format.bits, value: beyond })).toBeUndefined()
  })

  it('refuses numbers that a card of the format cannot have', () => {
    expect(encodeWiegand(wiegandFormats.h10301, { facility: 256, card: 1 })).toBeUndefined()
    expect(encodeWiegand(wiegandFormats.h10301, { facility: 1, card: 65536 })).toBeUndefined()
    expect(encodeWiegand(wiegandFormats.h10301, { card: 1 })).toBeUndefined()
    expect(encodeWiegand(wiegandFormats.h10302, { facility: 1, card: 1 })).toBeUndefined()
    expect(encodeWiegand(wiegandFormats.h10302, { card: -1 })).toBeUndefined()
    expect(encodeWiegand(wiegandFormats.h10302, { card: 0.5 })).toBeUndefined()
  })
})
