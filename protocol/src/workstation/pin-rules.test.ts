// What a PIN may be, case by case and for all cases.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pinFlaw } from './pin-rules.ts'

const flaw = (pin: string, known: readonly string[] = []) => pinFlaw(pin, 6, 12, known)
const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((all) => all.join(''))

describe('refuses', () => {
  it.each([
    ['12345', 'length'],
    ['1234567890123', 'length'],
    ['12a45678', 'length'],
    ['１２３４５６７８', 'length'],
    ['', 'length'],
    ['00000000', 'repeats'],
    ['11112222', 'repeats'],
    ['12121212', 'repeats'],
    ['12345678', 'sequence'],
    ['87654321', 'sequence'],
    ['78901234', 'sequence'],
    ['13579135', 'sequence'],
    ['48264826', 'pattern'],
    ['482284', 'pattern'],
    ['123123123', 'pattern'],
    ['24121987', 'date'],
    ['12241987', 'date'],
    ['19871224', 'date'],
    ['241287', 'date'],
    ['241205', 'date'],
    ['99887766', 'pattern'],
  ])('%s for its %s', (pin, reason) => {
    expect(flaw(pin)).toBe(reason)
  })
  it('digits that anybody can read off a badge, whole or in part', () => {
    expect(flaw('482617', ['99482617'])).toBe('badge')
    expect(flaw('48261739', ['2617'])).toBe('badge')
    expect(flaw('48261739', ['261'])).toBeUndefined()
  })
})

it('allows most PINs that have no pattern', () => {
  const all = fc.sample(digits(8), { numRuns: 2000, seed: 7 })
  const allowed = all.filter((pin) => pinFlaw(pin, 8, 12, []) === undefined)
  expect(allowed.length / all.length).toBeGreaterThan(0.95)
})
