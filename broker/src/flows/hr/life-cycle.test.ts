import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueMsOf, employmentOf, statusOf, stepOf } from './life-cycle.ts'
import { employment } from './hr-record.ts'

const nowMs = 1000
const none = {}
const status = (over: Partial<Parameters<typeof statusOf>[0]>) =>
  statusOf({ employment: 'active', isHeld: false, access: none, ...over }, nowMs)

describe('what HR says of an employment', () => {
  it.each([
    [{ isActive: true }, 'active'],
    [{ isActive: false }, 'suspended'],
    [{ isActive: true, employmentStatus: 'on-leave' }, 'on-leave'],
    [{ isActive: false, employmentStatus: 'on-leave' }, 'suspended'],
    [{ isActive: true, employmentStatus: 'terminated' }, 'terminated'],
    [{ isActive: false, employmentStatus: 'terminated' }, 'terminated'],
    [{ isActive: true, employmentStatus: 'pre-hire' }, 'pre-hire'],
  ] as const)('%o is %s', (said, expected) => {
    expect(employmentOf(said)).toBe(expected)
  })
})

describe('status', () => {
  it.each([
    ['is what HR says', {}, 'active'],
    ['is suspended while security holds her', { isHeld: true }, 'suspended'],
    ['is suspended by a hold also on leave', { isHeld: true, employment: 'on-leave' }, 'suspended'],
    ['is gone, held or not', { isHeld: true, employment: 'terminated' }, 'terminated'],
    ['is not begun before the first day', { access: { startsMs: 1001 } }, 'pre-hire'],
    ['has begun on the first moment of it', { access: { startsMs: 1000 } }, 'active'],
    [
      'begins by itself where there is a first day',
      { employment: 'pre-hire', access: { startsMs: 999 } },
      'active',
    ],
    ['waits for HR’s word where there is none', { employment: 'pre-hire' }, 'pre-hire'],
    ['is over at the end, not after it', { access: { endsMs: 1000 } }, 'suspended'],
    ['is not over before', { access: { endsMs: 1001 } }, 'active'],
    ['is a leave within the dates', { employment: 'on-leave' }, 'on-leave'],
  ] as const)('%s', (_name, over, expected) => {
    expect(status(over)).toBe(expected)
  })
  it('is never active where anything says no', () => {
    const date = fc.option(fc.integer({ min: 0, max: 2000 }), { nil: undefined })
    fc.assert(
      fc.property(
        fc.constantFrom(...employment.options),
        fc.boolean(),
        date,
        date,
        (said, isHeld, startsMs, endsMs) => {
          const access = {
            ...(startsMs === undefined ? {} : { startsMs }),
            ...(endsMs === undefined ? {} : { endsMs }),
          }
          const is = statusOf({ employment: said, isHeld, access }, nowMs)
          if (is !== 'active') return
          expect(isHeld).toBe(false)
          expect(said === 'active' || (said === 'pre-hire' && startsMs !== undefined)).toBe(true)
          expect(startsMs ?? 0).toBeLessThanOrEqual(nowMs)
          expect(endsMs ?? Infinity).toBeGreaterThan(nowMs)
        },
      ),
    )
  })
})

describe('the next date', () => {
  it('is the nearest that is still to come', () => {
    const access = { startsMs: 1500, endsMs: 3000 }
    expect(dueMsOf({ employment: 'active', access }, 1000)).toBe(1500)
    expect(dueMsOf({ employment: 'active', access }, 1500)).toBe(3000)
    expect(dueMsOf({ employment: 'active', access }, 3000)).toBeUndefined()
    expect(dueMsOf({ employment: 'terminated', access }, 1000)).toBeUndefined()
  })
})

describe('a step', () => {
  it('from gone is only for a new employment', () => {
    expect(stepOf('terminated', 'active', false)).toEqual({ kind: 'refused' })
    expect(stepOf('terminated', 'on-leave', false)).toEqual({ kind: 'refused' })
    expect(stepOf('terminated', 'active', true)).toEqual({ kind: 'returns' })
    expect(stepOf('terminated', 'terminated', true)).toEqual({ kind: 'same' })
  })
  it('ends, pauses and begins', () => {
    expect(stepOf('active', 'terminated', false)).toEqual({ kind: 'ends' })
    expect(stepOf('on-leave', 'terminated', false)).toEqual({ kind: 'ends' })
    expect(stepOf('active', 'on-leave', false)).toEqual({ kind: 'pauses', status: 'on-leave' })
    expect(stepOf('pre-hire', 'active', false)).toEqual({ kind: 'begins' })
    expect(stepOf('active', 'active', true)).toEqual({ kind: 'same' })
  })
})
