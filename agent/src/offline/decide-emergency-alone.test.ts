// Emergency access without a broker: the broker's own cases, what only a workstation alone has to
// say no to, and for all cases who is never let in.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { caseReasons, choiceOf, emergencyCases } from '../../../test/kit/emergency-cases.ts'
import type { EmergencyCase } from '../../../test/kit/emergency-cases.ts'
import { offerOf } from './bundle/emergency-offer.ts'
import { decideEmergencyAlone } from './decide-emergency-alone.ts'
import type { EmergencyFacts } from './decide-emergency-alone.ts'

const nowMs = 1_800_000_000_000
const facts: EmergencyFacts = {
  nowMs,
  bundle: { pinMode: 'never', graceRollingMs: 3_600_000, graceAbsoluteMs: 36_000_000 },
  person: { mayBreakGlass: true, refusal: 'role-not-in-zone' },
  isEnoughAlone: true,
  hasPin: true,
  pinLockedUntilMs: 0,
  placeLockedUntilMs: 0,
  trustedSinceMs: 0,
  // A window in which the badge alone is enough: for an emergency there is none.
  grace: { pinAtMs: nowMs - 1000, lastMs: nowMs - 1000 },
  isPinProved: true,
  hasSomethingToOpen: true,
  offer: { witness: 'when-weak', reasons: caseReasons },
  choice: { reason: 'care', hasNote: false },
  by: 'card',
  isVouchedFor: false,
}
const decide = (change: Partial<EmergencyFacts>) => decideEmergencyAlone({ ...facts, ...change })

/** As a bundle says it of her (people-for-zone); of whoever is nobody here it says nothing. */
function personOf({ person }: EmergencyCase): Pick<OfflinePerson, 'refusal' | 'mayBreakGlass'> {
  if (person === 'active') return { mayBreakGlass: true, refusal: 'role-not-in-zone' }
  if (person === 'on-leave') return { mayBreakGlass: true, refusal: 'person-not-active' }
  return { mayBreakGlass: false }
}

describe('as a broker decides:', () => {
  it.each(emergencyCases)('%s', (_name, of, answer) => {
    const witness = of.zone === 'always-asks-witness' ? 'always' : 'when-weak'
    const offer = of.zone === 'offers-none' ? undefined : { witness, reasons: caseReasons }
    const decision = decide({
      ...{ offer, choice: choiceOf(of), person: personOf(of), by: of.by },
      hasPin: of.pin !== 'not-at-hand',
      isPinProved: of.pin === 'proved',
      isVouchedFor: of.isWitnessed,
    } as EmergencyFacts)
    expect(decision).toMatchObject(answer)
  })
})

describe('alone', () => {
  it.each([
    ['whom it is never for', { person: { mayBreakGlass: false } }, 'emergency-never'],
    ['whom it could open nothing for', { hasSomethingToOpen: false }, 'nothing-to-open'],
    [
      'whom it could open nothing for, before her PIN',
      { hasSomethingToOpen: false, isPinProved: false },
      'nothing-to-open',
    ],
  ] as const)('refuses %s', (_what, change, code) => {
    for (const isVouchedFor of [false, true]) {
      expect(decide({ ...change, isVouchedFor })).toMatchObject({ kind: 'refuse', code })
    }
  })
  it.each([
    ['her PIN', { pinLockedUntilMs: nowMs + 1 }],
    ['the workstation', { placeLockedUntilMs: nowMs + 1 }],
  ])('asks for a colleague while %s waits after wrong ones', (_what, change) => {
    expect(decide({ ...change, isPinProved: false })).toMatchObject({ rule: 'badge-without-pin' })
    const over = { pinLockedUntilMs: nowMs, placeLockedUntilMs: nowMs, isPinProved: false }
    expect(decide(over)).toMatchObject({ kind: 'ask-pin' })
  })
  it('says that a PIN was proved now, and that none was where none was', () => {
    expect(decide({})).toMatchObject({ kind: 'allow', pinAtMs: nowMs })
    const without = { hasPin: false, isPinProved: false, isVouchedFor: true }
    expect(decide(without)).toMatchObject({ kind: 'allow', pinAtMs: 0 })
  })
})

describe('what is offered', () => {
  const rules = { emergency: { reasons: caseReasons } }
  const bundle = { emergencyLastsMs: 1000, emergencyWitness: 'when-weak' } as const
  it('is what bundle and rules say together', () => {
    expect(offerOf(bundle, rules)).toEqual({
      lastsMs: 1000,
      witness: 'when-weak',
      reasons: caseReasons,
    })
  })
  it.each([
    ['a bundle of before, that says nothing of a colleague', { emergencyLastsMs: 1000 }, rules],
    ['a bundle by which it lasts no time', { ...bundle, emergencyLastsMs: 0 }, rules],
    ['rules without reasons', bundle, {}],
  ])('is nothing by %s', (_what, by, told) => {
    expect(offerOf(by, told)).toBeUndefined()
  })
})

it('never lets in on one proof alone, nor whom security keeps out', () => {
  const at = fc.integer({ min: nowMs - 1000, max: nowMs + 1000 })
  const anyFacts: fc.Arbitrary<EmergencyFacts> = fc.record({
    nowMs: fc.constant(nowMs),
    bundle: fc.constant(facts.bundle),
    person: fc.constantFrom<EmergencyFacts['person']>(
      { mayBreakGlass: true },
      { mayBreakGlass: true, refusal: 'person-not-active' },
      { mayBreakGlass: false },
      { mayBreakGlass: false, refusal: 'person-not-active' },
    ),
    isEnoughAlone: fc.boolean(),
    hasPin: fc.boolean(),
    pinLockedUntilMs: at,
    placeLockedUntilMs: at,
    trustedSinceMs: at,
    grace: fc.option(fc.record({ pinAtMs: at, lastMs: at }), { nil: undefined }),
    isPinProved: fc.boolean(),
    hasSomethingToOpen: fc.boolean(),
    offer: fc.option(
      fc.record({
        witness: fc.constantFrom('when-weak' as const, 'always' as const),
        reasons: fc.constant(caseReasons),
      }),
      { nil: undefined },
    ),
    choice: fc.record({ reason: fc.constantFrom('care', 'other', 'tea'), hasNote: fc.boolean() }),
    by: fc.constantFrom('card' as const, 'staff-number' as const),
    isVouchedFor: fc.boolean(),
  })
  fc.assert(
    fc.property(anyFacts, (any) => {
      if (decideEmergencyAlone(any).kind !== 'allow') return
      expect(any.offer).toBeDefined()
      expect(any.person.mayBreakGlass).toBe(true)
      expect(any.hasSomethingToOpen).toBe(true)
      const proofs = [any.by === 'card', any.isPinProved, any.isVouchedFor].filter(Boolean)
      expect(proofs.length).toBeGreaterThanOrEqual(2)
      if (any.offer?.witness === 'always') expect(any.isVouchedFor).toBe(true)
      if (any.person.refusal === 'person-not-active') expect(any.isVouchedFor).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

it.each(['access-over', 'access-not-begun'] as const)('refuses %s, and no shift', (refusal) => {
  const at = (code: 'off-shift' | typeof refusal, by: 'card' | 'staff-number' = 'card') =>
    decide({
      ...{ by, isVouchedFor: true },
      person: { mayBreakGlass: true, later: [{ fromMs: nowMs, refusal: code }] },
    })
  expect(at(refusal)).toMatchObject({ kind: 'refuse', code: refusal })
  expect(at(refusal, 'staff-number')).toMatchObject({ kind: 'refuse', code: 'not-identified' })
  expect(at('off-shift')).toMatchObject({ kind: 'allow' })
})
