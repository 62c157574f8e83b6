import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCardNumber } from '../../flows/hr/card-numbers.ts'
import { cardForms } from './card-forms.ts'

const uid = fc.constantFrom(4, 7, 10).chain((bytes) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    // A UID begins with its maker: never a zero, which no number in digits would keep.
    .map((all) => Buffer.from(all.map((one, at) => (at === 0 || at === bytes - 1 ? one | 1 : one))))
    .map((all) => all.toString('hex')),
)

describe('a card’s number', () => {
  it('is the same card in every form that we show', () => {
    fc.assert(
      fc.property(uid, (hex) => {
        const forms = new Map(cardForms(hex).map(({ form, text }) => [form, text]))
        const all = [
          ['hex', 'hex'],
          ['hex-reversed', 'hex, reversed'],
          ['decimal', 'decimal'],
          ['decimal-reversed', 'decimal, reversed'],
        ] as const
        for (const [format, form] of all) {
          expect(parseCardNumber(forms.get(form) ?? '', format)?.canonical).toBe(hex)
        }
      }),
    )
  })
  it('of facility and number is what a reader sends', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(65_535), (facility, number) => {
        const text = `${String(facility)}-${String(number)}`
        const card = parseCardNumber(text, 'H10301')
        const forms = cardForms(card?.canonical ?? '')
        expect(forms.find(({ form }) => form === 'facility and number')?.text).toBe(text)
        const bits = forms[0]?.text ?? ''
        const ones = (part: string): number => part.replaceAll('0', '').length
        expect([ones(bits.slice(0, 13)) % 2, ones(bits.slice(13)) % 2]).toEqual([0, 1])
      }),
    )
  })
  it.each([
    ['', 'hex'],
    ['04a1b2', 'hex'],
    ['04a1b2zz', 'hex'],
    ['12a4', 'decimal'],
    ['-5', 'decimal'],
    ['99999999999999999999999999', 'decimal'],
    ['256-1', 'H10301'],
    ['1-65536', 'H10301'],
    ['1', 'H10301'],
    ['26:zz', 'wiegand'],
    ['04a1b2c3d4e580', 'wiegand'],
  ] as const)('%j is none in %s', (text, format) => {
    expect(parseCardNumber(text, format)).toBeUndefined()
  })
})
