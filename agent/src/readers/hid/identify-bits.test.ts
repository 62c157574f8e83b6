import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifyBits, unambiguousMeanings } from './identify-bits.ts'

describe('what card bits mean', () => {
  it('knows a 26-bit card, keeps all its bits and names the format', () => {
    expect(identifyBits({ length: 26, value: 0x2f623aen }, unambiguousMeanings)).toEqual({
      kind: 'card',
      card: { technology: 'wiegand', canonical: '26:02f623ae', format: 'h10301' },
    })
  })

  it('refuses wrong parity', () => {
    expect(identifyBits({ length: 26, value: 0x2f623afn }, unambiguousMeanings)).toEqual({
      kind: 'refused',
      code: 'card-parity',
    })
  })

  it('asks the site to choose where a length has several formats', () => {
    const bits = { length: 37, value: 0x100eb79a2bn }
    expect(identifyBits(bits, unambiguousMeanings)).toEqual({
      kind: 'refused',
      code: 'card-format-unknown',
    })
    const chosen = identifyBits(bits, { 37: 'h10302' })
    expect(chosen.kind === 'card' && chosen.card.format).toBe('h10302')
  })

  it('gives one card one identity, whichever format the site has chosen', () => {
    const bits = { length: 37, value: 0x100eb79a2bn }
    const one = identifyBits(bits, { 37: 'h10302' })
    const other = identifyBits(bits, { 37: 'h10304' })
    expect(one.kind === 'card' && one.card.canonical).toBe('37:100eb79a2b')
    expect(other.kind === 'card' && other.card.canonical).toBe('37:100eb79a2b')
  })

  it('refuses a format that the site has put under a length it does not have', () => {
    expect(identifyBits({ length: 37, value: 1n }, { 37: 'h10301' })).toEqual({
      kind: 'refused',
      code: 'card-format-unknown',
    })
  })

  it('takes a contactless UID that comes as bits for what PC/SC would have read', () => {
    const bits = { length: 32, value: 0x04a1b2c3n }
    const card = { technology: 'csn', canonical: '04a1b2c3' }
    expect(identifyBits(bits, { 32: 'csn' })).toEqual({ kind: 'card', card })
    const backwards = { length: 32, value: 0xc3b2a104n }
    expect(identifyBits(backwards, { 32: 'csn-reversed' })).toEqual({ kind: 'card', card })
  })

  it('refuses a random UID that comes as bits, and a UID of broken bytes', () => {
    expect(identifyBits({ length: 32, value: 0x08a1b2c3n }, { 32: 'csn' })).toEqual({
      kind: 'refused',
      code: 'card-uid-random',
    })
    expect(identifyBits({ length: 33, value: 1n }, { 33: 'csn' })).toEqual({
      kind: 'refused',
      code: 'card-format-unknown',
    })
  })

  it('answers anything with a card or a refusal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.bigInt(0n, 2n ** 64n - 1n), (length, any) => {
        const value = any & ((1n << BigInt(length)) - 1n)
        const meanings = { ...unambiguousMeanings, 34: 'h10306', 37: 'h10304', 32: 'csn' } as const
        expect(['card', 'refused']).toContain(identifyBits({ length, value }, meanings).kind)
      }),
    )
  })
})
