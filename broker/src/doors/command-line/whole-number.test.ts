// What is typed behind an option that wants a number.

import { expect, it } from 'vitest'
import { wholeNumber } from './whole-number.ts'

it.each(['', '0', '-1', '01', '1.5', '1e2', ' 7', '7 ', '401', '999', '9999999999', 'many'])(
  'refuses %j, saying what may be',
  (text) => {
    expect(() => wholeNumber(text, '--days', 400)).toThrow('--days is a whole number, 1 to 400.')
  },
)

it.each(['1', '30', '400'])('takes %s', (text) => {
  expect(wholeNumber(text, '--days', 400)).toBe(Number(text))
})
