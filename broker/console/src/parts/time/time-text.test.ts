import { describe, expect, it } from 'vitest'
import { clockText, distanceText, lengthText, minuteText, stampText, utcText } from './time-text.ts'

const at = Date.UTC(2026, 10, 26, 0, 5, 9)

describe('a time as text', () => {
  it('is in the zone that it is asked for, midnight as 00', () => {
    expect(clockText(at, 'UTC')).toBe('00:05:09')
    expect(minuteText(at, 'Europe/Berlin')).toBe('01:05')
    expect(stampText(at, 'America/New_York')).toBe('25 Nov 2026, 19:05:09')
  })
  it('is told in UTC to the second, whatever the zone', () => {
    expect(utcText(at)).toBe('2026-11-26 00:05:09 UTC')
  })
  it('is told in the hour that comes twice', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30)
    expect(clockText(first, 'Europe/Berlin')).toBe(clockText(first + 3_600_000, 'Europe/Berlin'))
    expect(utcText(first)).not.toBe(utcText(first + 3_600_000))
  })
})

describe('a length as text', () => {
  it.each([
    [0, '0 s'],
    [400, 'less than 1 s'],
    [12_900, '12 s'],
    [60_000, '1 min'],
    [250_000, '4 min 10 s'],
    [3_600_000, '1 h'],
    [3_612_000, '1 h'],
    [2 * 86_400_000 + 3 * 3_600_000 + 59_000, '2 d 3 h'],
  ])('of %d ms', (ms, text) => {
    expect(lengthText(ms)).toBe(text)
  })
  it('says which side of now', () => {
    expect(distanceText(at - 250_000, at)).toBe('4 min ago')
    expect(distanceText(at + 2 * 3_600_000, at)).toBe('in 2 h')
    expect(distanceText(at - 1000, at)).toBe('just now')
  })
})
