import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardForms } from './card-forms.ts'
import { findCardNumberFormat, parseCardNumber } from './card-numbers.ts'

const uid = fc.constantFrom(4, 7, 10).chain((bytes) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    // A UID begins with its maker: never a zero, which no number in digits would keep.
    .map((all) => Buffer.from(all.map((one, at) => (at === 0 || at === bytes - 1 ? one | 1 : one))))
    .map((all) => all.toString('hex')),
)
function read(text: string, as: string) {
  const format = findCardNumberFormat(as)
  if (!format) throw new Error(as)
  return parseCardNumber(text, format)
}
const canonicalOf = (text: string, as: string) => read(text, as)?.canonical

describe('a card’s number', () => {
  it('is the same card in every form that we show', () => {
    fc.assert(
      fc.property(uid, (hex) => {
        const forms = new Map(cardForms(hex).map(({ form, text }) => [form, text]))
        const all = [
          ['hex', 'hex'],
          ['hex-reversed', 'hex, reversed'],
          ['hex-bits-reversed', 'hex, bits reversed'],
          ['decimal', 'decimal'],
          ['decimal-reversed', 'decimal, reversed'],
        ] as const
        for (const [format, form] of all) {
          expect(canonicalOf(forms.get(form) ?? '', format)).toBe(hex)
        }
      }),
    )
  })
  it.each([
    ['123-4567', 'H10301', '26:02f623ae'],
    ['1234-5678', 'H10306', '34:0209a42c5c'],
    ['1234-5678', 'N10002', '34:0209a42c5c'],
    ['1234-567890', 'C1K35', '35:069a5154a4'],
    ['123456789', 'H10302', '37:100eb79a2b'],
    ['1234-56789', 'H10304', '37:104d21bbaa'],
  ])('%s of %s is what a reader sends', (text, format, canonical) => {
    expect(read(text, format)).toMatchObject({ technology: 'wiegand', canonical })
    expect(cardForms(canonical).map((form) => form.text)).toContain(text)
  })
  it('of facility and number comes back from its bits, in each format', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(65_535), (facility, number) => {
        const text = `${String(facility)}-${String(number)}`
        for (const format of ['H10301', 'H10306', 'C1K35', 'H10304', 'C1K48']) {
          const forms = cardForms(canonicalOf(text, format) ?? '')
          expect(forms.map((form) => form.text)).toContain(text)
        }
      }),
    )
  })
  it('comes with the facility that all of a list has, or with another and is none', () => {
    expect(canonicalOf('4567', 'h10301:123')).toBe('26:02f623ae')
    expect(canonicalOf('123-4567', 'H10301:123')).toBe('26:02f623ae')
    expect(read('124-4567', 'H10301:123')).toBeUndefined()
    expect(read('4567', 'H10301')).toBeUndefined()
    expect(read('123-4567', 'H10302')).toBeUndefined()
  })
  it('in digits keeps the zeros in front, where its length is said', () => {
    expect(canonicalOf('77705923', 'decimal')).toBe('04a1b2c3')
    expect(canonicalOf('77705923', 'decimal:7')).toBe('00000004a1b2c3')
    expect(read('1258039432715648', 'decimal:4')).toBeUndefined()
    expect(canonicalOf('36061233168676868', 'decimal-reversed')).toBe('04782e21801d80')
  })
  it('is read however people copy it', () => {
    for (const text of ['04:A1:B2:C3', '0x04a1b2c3', ' 04 a1 b2 c3 ', '04-A1-B2-C3']) {
      expect(canonicalOf(text, 'hex')).toBe('04a1b2c3')
    }
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
    ['65536-1', 'H10306'],
    ['4096-1', 'C1K35'],
    ['34359738368', 'H10302'],
    ['1-2-3', 'H10304'],
    ['26:zz', 'wiegand'],
    ['04a1b2c3d4e580', 'wiegand'],
  ] as const)('%j is none in %s', (text, format) => {
    expect(read(text, format)).toBeUndefined()
  })
  it.each([
    '',
    'binary',
    'hex:4',
    'decimal:5',
    'H10302:12',
    'H10301:x',
    'H10301:1:2',
    'wiegand:26',
  ])('%j is no format', (text) => {
    expect(findCardNumberFormat(text)).toBeUndefined()
  })
})
