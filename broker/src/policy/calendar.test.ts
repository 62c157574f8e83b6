// Shifts over nights that have 23, 24 and 25 hours, and over local times that do not exist.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shiftAt, shiftChanges } from './calendar.ts'
import type { Schedule, SiteCalendar } from './calendar.ts'

const hour = 3_600_000
const berlin: SiteCalendar = { timeZone: 'Europe/Berlin', holidays: new Set(['2026-12-25']) }
const nights: Schedule = {
  hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '19:00', until: '07:00', kind: 'shift' }],
  roster: [],
}
const weekdays: Schedule = {
  hours: [{ days: [1, 2, 3, 4, 5], from: '08:00', until: '16:30', kind: 'shift' }],
  roster: [],
}
const at = (text: string) => Date.parse(text)
const isOn = (schedule: Schedule, text: string, calendar = berlin) =>
  shiftAt(schedule, calendar, at(text)) === 'on'

describe('a night shift', () => {
  it.each([
    ['an ordinary night', '2026-06-10T19:00:00+02:00', 12],
    ['the night in which clocks go back', '2026-10-24T19:00:00+02:00', 13],
    ['the night in which clocks go forward', '2026-03-28T19:00:00+01:00', 11],
  ])('%s lasts as long as it does', (_name, from, hours) => {
    const startMs = at(from)
    expect(shiftAt(nights, berlin, startMs - 1)).toBe('off')
    expect(shiftAt(nights, berlin, startMs)).toBe('on')
    expect(shiftAt(nights, berlin, startMs + hours * hour - 1)).toBe('on')
    expect(shiftAt(nights, berlin, startMs + hours * hour)).toBe('off')
    expect(shiftChanges(nights, berlin, startMs, startMs + 14 * hour)).toContain(
      startMs + hours * hour,
    )
  })
})

describe('a time that the clock skips or shows twice', () => {
  const from = (start: string, until: string): Schedule => ({
    hours: [{ days: [7], from: start, until, kind: 'shift' }],
    roster: [],
  })
  it('is taken as early as it can be meant for a start', () => {
    // 29 March 2026: 02:00 to 03:00 does not exist.
    expect(isOn(from('02:30', '10:00'), '2026-03-29T01:30:00+01:00')).toBe(true)
    expect(isOn(from('02:30', '10:00'), '2026-03-29T01:29:59+01:00')).toBe(false)
    // 25 October 2026: 02:30 comes twice.
    expect(isOn(from('02:30', '10:00'), '2026-10-25T02:30:00+02:00')).toBe(true)
    expect(isOn(from('02:30', '10:00'), '2026-10-25T02:29:59+02:00')).toBe(false)
  })
  it('is taken as late as it can be meant for an end', () => {
    expect(isOn(from('00:00', '02:30'), '2026-03-29T03:29:59+02:00')).toBe(true)
    expect(isOn(from('00:00', '02:30'), '2026-03-29T03:30:00+02:00')).toBe(false)
    expect(isOn(from('00:00', '02:30'), '2026-10-25T02:29:59+01:00')).toBe(true)
    expect(isOn(from('00:00', '02:30'), '2026-10-25T02:30:00+01:00')).toBe(false)
  })
})

describe('hours', () => {
  it('are the site’s, not the broker’s', () => {
    expect(isOn(weekdays, '2026-06-10T08:00:00+02:00')).toBe(true)
    expect(isOn(weekdays, '2026-06-10T08:00:00Z', { ...berlin, timeZone: 'UTC' })).toBe(true)
    expect(isOn(weekdays, '2026-06-10T06:00:00Z', { ...berlin, timeZone: 'UTC' })).toBe(false)
  })
  it('of a holiday are a Sunday’s', () => {
    // 25 December 2026 is a Friday.
    expect(isOn(weekdays, '2026-12-25T10:00:00+01:00')).toBe(false)
    expect(isOn(weekdays, '2026-12-24T10:00:00+01:00')).toBe(true)
    expect(isOn(nights, '2026-12-25T23:00:00+01:00')).toBe(true)
  })
  it('that end where they begin are a whole day', () => {
    const hours = [{ days: [3], from: '08:00', until: '08:00', kind: 'on-call' as const }]
    const call = { hours, roster: [] }
    expect(shiftAt(call, berlin, at('2026-06-11T07:59:59+02:00'))).toBe('on-call')
    expect(shiftAt(call, berlin, at('2026-06-11T08:00:00+02:00'))).toBe('off')
  })
  it('are unknown where nobody has said any', () => {
    expect(shiftAt({ hours: [], roster: [] }, berlin, 0)).toBe('unknown')
  })
  it('of a shift count before those on call', () => {
    const stretch = { fromMs: 10, untilMs: 20 }
    const roster = [
      { ...stretch, kind: 'on-call' as const },
      { ...stretch, fromMs: 15, kind: 'shift' as const },
    ]
    const both = { hours: [], roster }
    expect([9, 10, 14, 15, 19, 20].map((ms) => shiftAt(both, berlin, ms))).toEqual([
      'off',
      'on-call',
      'on-call',
      'on',
      'on',
      'off',
    ])
    expect(shiftChanges(both, berlin, 10, 20)).toEqual([20, 15, 20])
  })
})

const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`)
const anySchedule = fc.record({
  hours: fc.array(
    fc.record({
      days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
      from: clock,
      until: clock,
      kind: fc.constantFrom('shift' as const, 'on-call' as const),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  roster: fc.constant([]),
})
const anyCalendar = fc.constantFrom(
  berlin,
  { timeZone: 'America/New_York', holidays: new Set(['2026-11-01']) },
  // Half an hour forward and back; and a day that did not exist at all.
  { timeZone: 'Australia/Lord_Howe', holidays: new Set<string>() },
  { timeZone: 'Pacific/Apia', holidays: new Set<string>() },
)
/** Around changes of clocks of these zones, and the end of 2011 in Apia. */
const anyMoment = fc
  .tuple(
    fc.constantFrom(
      ...['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04'],
      '2011-12-30',
    ),
    fc.integer({ min: -48 * 60, max: 48 * 60 }),
  )
  .map(([date, minutes]) => at(`${date}T00:00:00Z`) + minutes * 60_000)

describe('for all schedules, zones and changes of clocks', () => {
  it('the shift changes at the moments that are named, and at no other', () => {
    fc.assert(
      fc.property(anySchedule, anyCalendar, anyMoment, (schedule, calendar, fromMs) => {
        const untilMs = fromMs + 26 * hour
        const named = new Set(shiftChanges(schedule, calendar, fromMs, untilMs))
        let before = shiftAt(schedule, calendar, fromMs)
        for (let ms = fromMs + 900_000; ms <= untilMs; ms += 900_000) {
          const now = shiftAt(schedule, calendar, ms)
          const isNamed = [...named].some((change) => change > ms - 900_000 && change <= ms)
          if (now !== before) expect(isNamed).toBe(true)
          before = now
        }
        for (const change of named) {
          expect(change).toBeGreaterThan(fromMs)
          expect(change).toBeLessThanOrEqual(untilMs)
        }
      }),
      { numRuns: 150 },
    )
  })
  it('a time that every clock of that day shows once is on shift exactly as it reads', () => {
    fc.assert(
      fc.property(anySchedule, fc.integer({ min: 0, max: 364 }), clock, (schedule, day, time) => {
        // Without changes of clocks and holidays the wall clock is all there is to it.
        const calendar = { timeZone: 'Asia/Tokyo', holidays: new Set<string>() }
        const date = new Date(at('2026-01-01T00:00:00Z') + day * 24 * hour)
        const text = date.toISOString().slice(0, 10)
        const week = ((date.getUTCDay() + 6) % 7) + 1
        const yesterday = ((week + 5) % 7) + 1
        const isIn = schedule.hours.some(({ days, from, until }) =>
          until > from
            ? days.includes(week) && from <= time && time < until
            : (days.includes(week) && from <= time) || (days.includes(yesterday) && time < until),
        )
        const shift = shiftAt(schedule, calendar, at(`${text}T${time}:00+09:00`))
        expect(shift !== 'off').toBe(isIn)
      }),
      { numRuns: 400 },
    )
  })
})
