import { describe, expect, it } from 'vitest'
import { isAllowedCard, parseAllowedCard } from './allowed-cards.ts'
import type { AllowedCard } from './allowed-cards.ts'
import { findCardNumberFormat, parseCardNumber } from './card-numbers.ts'

function listed(...texts: readonly string[]): readonly AllowedCard[] {
  return texts.map((text) => {
    const one = parseAllowedCard(text)
    if (!one) throw new Error(text)
    return one
  })
}
function card(text: string, as: string) {
  const format = findCardNumberFormat(as)
  const claim = format && parseCardNumber(text, format)
  if (!claim) throw new Error(`${text} as ${as}`)
  return claim
}
const uid = (canonical: string) => ({ technology: 'csn', canonical }) as const

describe('the cards that a site takes', () => {
  it('are all, where it lists none', () => {
    expect(isAllowedCard(uid('04a1b2c3'), [])).toBe(true)
    expect(isAllowedCard({ technology: 'wiegand', canonical: '26:00000000' }, [])).toBe(true)
  })
  it.each([
    ['another facility', card('124-4567', 'H10301')],
    ['a number below the range', card('123-999', 'H10301')],
    ['a number above the range', card('123-5000', 'H10301')],
    ['another format of other bits', card('123-4567', 'H10306')],
    ['a UID', uid('04a1b2c3')],
    ['a simulated card', { technology: 'simulated', canonical: '04a1b2c3' } as const],
    // 123-4567 with its first bit turned: no reader could have sent it.
    ['bits whose parity is wrong', { technology: 'wiegand', canonical: '26:00f623ae' } as const],
    ['what is no card number at all', { technology: 'wiegand', canonical: 'zz:12345678' } as const],
  ])('leave out %s', (_name, claim) => {
    expect(isAllowedCard(claim, listed('H10301:123:1000-4999'))).toBe(false)
  })
  it('have both ends of a range', () => {
    const list = listed('H10301:123:1000-4999')
    for (const number of ['123-1000', '123-4567', '123-4999']) {
      expect(isAllowedCard(card(number, 'H10301'), list)).toBe(true)
    }
  })
  it('of 37 bits are told apart by the format that the site names', () => {
    const long = card('123456789', 'H10302')
    expect(isAllowedCard(long, listed('H10302::1-200000000'))).toBe(true)
    expect(isAllowedCard(long, listed('H10302::1-1000'))).toBe(false)
    expect(isAllowedCard(long, listed('H10304:1234'))).toBe(false)
  })
  it('may be UIDs of one length', () => {
    expect(isAllowedCard(uid('04782e21801d80'), listed('csn-7'))).toBe(true)
    expect(isAllowedCard(uid('04a1b2c3'), listed('csn-7'))).toBe(false)
    expect(isAllowedCard(uid('04a1b2c3'), listed('csn-7', 'csn-4'))).toBe(true)
  })
  it.each([
    '',
    'all',
    'csn-5',
    'csn:04',
    'H10301:',
    'H10301:1:5',
    'H10301:1:9-5',
    'H10302:12',
    'H10399',
    'wiegand',
    'H10301:123:1-2 x',
  ])('%j lists nothing, or not what it says', (text) => {
    const parsed = parseAllowedCard(text)
    // "H10301:" without a facility is the whole format; everything else is refused.
    if (text === 'H10301:') expect(parsed).toEqual({ kind: 'wiegand', format: 'h10301' })
    else expect(parsed).toBeUndefined()
  })
})
