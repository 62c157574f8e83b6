// Holds how ages, roles and ways of signing in are said.

import { describe, expect, it } from 'vitest'
import { ageInYears, counted, factorsInWords, localDate, roleInWords } from './words.ts'

describe('factorsInWords', () => {
  it.each([
    [['user', 'pin'], 'badge and PIN'],
    [['pin', 'user'], 'badge and PIN'],
    [['user'], 'badge'],
    [['sc', 'hwk', 'pin', 'mfa'], 'smart card and PIN'],
    [['hwk', 'user', 'pin'], 'badge and PIN'],
    [['pwd', 'otp', 'mfa'], 'one-time code and password'],
    [['user', 'pin', 'otp'], 'badge, PIN and one-time code'],
    [[], 'single sign-on'],
    [['unheard-of'], 'single sign-on'],
  ])('says %j as “%s”', (amr, words) => {
    expect(factorsInWords(amr)).toBe(words)
  })
})

describe('ageInYears', () => {
  const at = (month: number, day: number) => new Date(2026, month - 1, day, 12).getTime()

  it('counts a year on the birthday, not before', () => {
    expect(ageInYears('1958-03-14', at(3, 13))).toBe(67)
    expect(ageInYears('1958-03-14', at(3, 14))).toBe(68)
    expect(ageInYears('2000-02-29', at(2, 28))).toBe(25)
  })
})

describe('small words', () => {
  it('says roles, numbers and local dates', () => {
    expect(roleInWords('nurse-practitioner')).toBe('Nurse practitioner')
    expect(counted(1, 'order')).toBe('1 order')
    expect(counted(0, 'order')).toBe('0 orders')
    expect(localDate(new Date(2026, 0, 5, 0, 30).getTime())).toBe('2026-01-05')
  })
})
