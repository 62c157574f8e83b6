// What cards are worth and which are nobody's.

import { describe, expect, it } from 'vitest'
import { cardFlaw, digitsOf, findTechnology } from './badge-technology.ts'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'

const key = Buffer.alloc(32, 1)
const csn = (canonical: string) => ({ technology: 'csn', canonical }) as const
const wiegand = (canonical: string) => ({ technology: 'wiegand', canonical }) as const

describe('a technology', () => {
  it('is the usual one of its reader unless said otherwise', () => {
    expect(findTechnology(csn('04'), undefined)).toEqual({ name: 'csn', assurance: 1 })
    expect(findTechnology(wiegand('26:1'), undefined)?.name).toBe('prox-125khz')
  })
  it('can be less than usual, where that is known', () => {
    expect(findTechnology(wiegand('26:1'), 'magstripe')?.assurance).toBe(0)
  })
  it.each([
    ['a name we do not know', csn('04'), 'desfire-ev3'],
    ['a name of another kind of reader', csn('04'), 'prox-125khz'],
    ['a name of the language', csn('04'), 'constructor'],
  ])('is refused for %s', (_name, card, technology) => {
    expect(findTechnology(card, technology)).toBeUndefined()
  })
  it('that can only be read is never worth a factor', () => {
    const names = ['csn', 'simulated', 'magstripe', 'prox-125khz', 'iclass-legacy']
    for (const name of names) {
      const found = findTechnology(csn('04'), name) ?? findTechnology(wiegand('26:1'), name)
      expect(found?.assurance).toBeLessThan(3)
    }
  })
})

describe('a card', () => {
  it.each(['08a1b2c3', '00000000', 'ffffffff'])('%s is nobody’s', (canonical) => {
    expect(cardFlaw(csn(canonical))).toBeDefined()
  })
  it.each(['04a1b2c3', '08a1b2c3d4e5f6', '0800000000000a'])('%s may be somebody’s', (canonical) => {
    expect(cardFlaw(csn(canonical))).toBeUndefined()
  })
  it('of a Wiegand reader may begin with 08', () => {
    expect(cardFlaw(wiegand('32:08a1b2c3'))).toBeUndefined()
  })
  it('is found by its class and its identity, under our key alone', () => {
    const here = lookupOf(csn('04a1b2c3'), key)
    expect(lookupOf({ technology: 'simulated', canonical: '04a1b2c3' }, key)).toBe(here)
    expect(lookupOf(wiegand('04a1b2c3'), key)).not.toBe(here)
    expect(lookupOf(csn('04a1b2c3'), Buffer.alloc(32, 2))).not.toBe(here)
  })
  it('is read as digits in every way that people write it', () => {
    // badges.md section 4: 04A1B2C3 is 77705923, or 3283263748 the other way round.
    expect(digitsOf('04a1b2c3')).toEqual(expect.arrayContaining(['77705923', '3283263748']))
  })
})
