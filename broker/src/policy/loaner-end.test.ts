import { describe, expect, it } from 'vitest'
import { loanerEnd } from './loaner-end.ts'

const hour = 3_600_000
const calendar = { timeZone: 'UTC', holidays: new Set<string>() }
const shift = (from: number, until: number, kind: 'shift' | 'on-call' = 'shift') => ({
  fromMs: from * hour,
  untilMs: until * hour,
  kind,
})
const endOf = (roster: ReturnType<typeof shift>[], nowH: number, lastsH = 12) =>
  loanerEnd({ hours: [], roster }, calendar, nowH * hour, lastsH * hour) / hour

describe('the end of a loaner badge', () => {
  it('is an hour after the shift', () => {
    expect(endOf([shift(7, 15)], 9)).toBe(16)
  })
  it('is what the site allows, where nobody says when she works, or she is not on shift', () => {
    expect(endOf([], 9)).toBe(21)
    expect(endOf([shift(20, 30)], 9)).toBe(21)
    expect(endOf([shift(7, 15, 'on-call')], 9)).toBe(21)
  })
  it('is never later than the site allows', () => {
    expect(endOf([shift(7, 15)], 9, 4)).toBe(13)
    expect(endOf([shift(7, 15)], 14.9, 1)).toBeCloseTo(15.9)
  })
  it('is after the last of the day’s shifts, be there a pause between them', () => {
    expect(endOf([shift(7, 12), shift(12, 16)], 9)).toBe(17)
    expect(endOf([shift(7, 12), shift(13, 16)], 9)).toBe(17)
    expect(endOf([shift(7, 10), shift(12, 14), shift(17, 20)], 9)).toBe(21)
    expect(endOf([shift(7, 12), shift(13, 22)], 9)).toBe(21)
  })
  it('is not after the shift of another day, with a night’s rest before it', () => {
    expect(endOf([shift(7, 15), shift(23, 31)], 9, 24)).toBe(16)
    expect(endOf([shift(7, 15), shift(22, 30)], 9, 24)).toBe(31)
  })
})
