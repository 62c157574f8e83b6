import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errandKinds, witnessedErrands } from '@wardkey/protocol/workstation/errands'
import { nextStep } from './errand-steps.ts'
import type { ErrandStanding } from './errand-steps.ts'

const nothing: ErrandStanding = {
  hasCard: false,
  isNamed: false,
  hasPin: true,
  isPrivileged: false,
  witnesses: 0,
  isWitnessShown: false,
  wasLost: false,
  isSigningIn: false,
  hasAccount: false,
  isConfirmed: false,
  isPinProved: false,
}
const standing = fc.record({
  hasCard: fc.boolean(),
  isNamed: fc.boolean(),
  hasPin: fc.boolean(),
  isPrivileged: fc.boolean(),
  witnesses: fc.nat(3),
  isWitnessShown: fc.boolean(),
  wasLost: fc.boolean(),
  isSigningIn: fc.boolean(),
  hasAccount: fc.boolean(),
  isConfirmed: fc.boolean(),
  isPinProved: fc.boolean(),
})
/** A colleague each, and her own hospital account as one more. */
const spoken = (now: ErrandStanding) => now.witnesses + (now.hasAccount ? 1 : 0)
const kind = fc.constantFrom(...errandKinds)

describe('the steps of an errand', () => {
  it.each([
    ['enrol', {}, 'witness-badge'],
    ['enrol', { isWitnessShown: true }, 'witness-pin'],
    ['enrol', { witnesses: 1 }, 'number'],
    ['enrol', { witnesses: 1, isNamed: true }, 'confirm'],
    ['enrol', { witnesses: 1, isNamed: true, isConfirmed: true }, 'pin'],
    ['enrol', { witnesses: 1, isNamed: true, isConfirmed: true, hasPin: false }, 'new-pin'],
    ['enrol', { witnesses: 1, isNamed: true, isConfirmed: true, isPinProved: true }, 'done'],
    ['enrol', { witnesses: 1, isNamed: true, isPrivileged: true }, 'witness-badge'],
    ['enrol', { witnesses: 2, isNamed: true, isPrivileged: true }, 'confirm'],
    [
      'enrol',
      { witnesses: 1, isNamed: true, isConfirmed: true, isPrivileged: true },
      'witness-badge',
    ],
    ['enrol', { isSigningIn: true }, 'sign-in'],
    ['enrol', { hasAccount: true, isNamed: true }, 'confirm'],
    ['enrol', { hasAccount: true, isNamed: true, isConfirmed: true }, 'pin'],
    [
      'new-pin',
      { hasAccount: true, isNamed: true, isConfirmed: true, isPrivileged: true },
      'witness-badge',
    ],
    ['new-pin', { hasAccount: true, witnesses: 1, isNamed: true, isPrivileged: true }, 'confirm'],
    [
      'new-pin',
      { hasAccount: true, witnesses: 1, isNamed: true, isConfirmed: true, isPrivileged: true },
      'new-pin',
    ],
    ['new-pin', { witnesses: 1, isNamed: true, isConfirmed: true }, 'new-pin'],
    ['change-pin', {}, 'badge'],
    ['change-pin', { hasCard: true }, 'pin'],
    ['change-pin', { hasCard: true, isPinProved: true }, 'new-pin'],
    ['lost', {}, 'number'],
    ['lost', { isNamed: true }, 'pin'],
    ['found', { hasCard: true }, 'pin'],
    ['found', { hasCard: true, isPinProved: true }, 'done'],
    ['found', { hasCard: true, isNamed: true, wasLost: true }, 'witness-badge'],
    ['found', { hasCard: true, isNamed: true, wasLost: true, witnesses: 1 }, 'confirm'],
    [
      'found',
      { hasCard: true, isNamed: true, wasLost: true, witnesses: 1, isConfirmed: true },
      'pin',
    ],
  ] as const)('%s with %j asks for %s', (of, change, step) => {
    expect(nextStep(of, { ...nothing, ...change })).toBe(step)
  })

  it('never end without a proof of her own or of a colleague', () => {
    fc.assert(
      fc.property(kind, standing, (of, now) => {
        const step = nextStep(of, now)
        const isLast = step === 'done' || step === 'new-pin'
        if (!isLast) return
        if (witnessedErrands.includes(of) || (of === 'found' && now.wasLost)) {
          expect(spoken(now)).toBeGreaterThan(now.isPrivileged ? 1 : 0)
          expect(now.isConfirmed).toBe(true)
        } else expect(now.isPinProved).toBe(true)
      }),
    )
  })
  it('show no name before a colleague with the right to it has spoken, or she signed in', () => {
    fc.assert(
      fc.property(kind, standing, (of, now) => {
        if (nextStep(of, now) !== 'confirm') return
        expect(spoken(now)).toBeGreaterThan(now.isPrivileged ? 1 : 0)
      }),
    )
  })
  it('never set a PIN over one that she has, without that one or a colleague', () => {
    fc.assert(
      fc.property(kind, standing, (of, now) => {
        if (nextStep(of, now) !== 'new-pin' || !now.hasPin) return
        expect(of === 'new-pin' || now.isPinProved).toBe(true)
      }),
    )
  })
})
