// One card, as different readers and systems write it.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardForms } from './card-forms.ts'
import { textTable } from '../../doors/command-line/text-table.ts'

const formOf = (canonical: string, form: string): string | undefined =>
  cardForms(canonical).find((one) => one.form === form)?.text

describe('a card’s forms', () => {
  it('of four bytes', () => {
    expect(cardForms('04a1b2c3')).toEqual([
      { form: 'hex', text: '04a1b2c3' },
      { form: 'hex, reversed', text: 'c3b2a104' },
      { form: 'hex, bits reversed', text: '20854dc3' },
      { form: 'decimal', text: '77705923' },
      { form: 'decimal, reversed', text: '3283263748' },
    ])
  })
  it('of seven bytes, which no number holds exactly', () => {
    expect(formOf('04782e21801d80', 'decimal')).toBe('1258039432715648')
    expect(formOf('04782e21801d80', 'decimal, reversed')).toBe('36061233168676868')
  })
  it('of a 26-bit card: what is printed on it', () => {
    // Facility 123, number 4567, with parity: 1 01111011 0001000111010111 0.
    const bits = `1${(123).toString(2).padStart(8, '0')}${(4567).toString(2).padStart(16, '0')}0`
    const hex = Number.parseInt(bits, 2).toString(16).padStart(8, '0')
    expect(formOf(`26:${hex}`, 'facility and number (H10301)')).toBe('123-4567')
    expect(formOf(`26:${hex}`, 'Wiegand, 26 bits')).toBe(bits)
  })
  it('of bits that are of no format: the bits, and no guess', () => {
    expect(cardForms('35:0123456788').map(({ form }) => form)).toEqual(['Wiegand, 35 bits'])
  })
  it('never fall over, and never differ for one card', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array({ minLength: 1, maxLength: 16 })), (card) => {
        const text = typeof card === 'string' ? card : Buffer.from(card).toString('hex')
        expect(cardForms(text)).toEqual(cardForms(text))
        if (typeof card !== 'string') expect(cardForms(text)[0]?.text).toBe(text)
      }),
    )
  })
})

describe('a table', () => {
  it('is as wide as its widest cell, without trailing white space', () => {
    expect(
      textTable(
        ['A', 'B'],
        [
          ['long', ''],
          ['x', 'y'],
        ],
      ),
    ).toBe('A     B\nlong\nx     y\n')
  })
})
