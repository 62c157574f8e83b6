// What an emergency lets in and what it never does, case by case and for all cases.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseReasons, choiceOf, emergencyCases } from '../../../test/kit/emergency-cases.ts'
import { decideBreakGlass, decideReturn } from './decide-break-glass.ts'
import type { BreakGlassFacts } from './decide-break-glass.ts'
import { emergencySettings } from './emergency-settings.ts'
import { rulesFor, zoneSettings } from './zone-settings.ts'

const facts: BreakGlassFacts = {
  settings: emergencySettings.parse({}),
  choice: { reason: 'patient-in-danger', hasNote: false },
  person: { status: 'active', term: 'within' },
  by: { kind: 'card', badge: 'active' },
  isPinAtHand: true,
  isPinProved: false,
  isWitnessed: false,
}
const number = { kind: 'staff-number' } as const
const card = (badge: 'active' | 'suspended' | 'lost' | 'replaced' | 'expired') =>
  ({ kind: 'card', badge }) as const
const decide = (change: Partial<BreakGlassFacts>) => decideBreakGlass({ ...facts, ...change })
const settingsWith = (change: object) => emergencySettings.parse(change)

describe('lets in', () => {
  it('badge and PIN, without anybody else', () => {
    expect(decide({ isPinProved: true })).toEqual({
      kind: 'allow',
      rule: 'emergency',
      identity: 'badge-and-pin',
      acr: 'urn:wardkey:acr:break-glass',
      amr: ['pin', 'user'],
    })
  })
  it('a badge without a PIN at hand, with a colleague', () => {
    expect(decide({ isPinAtHand: false })).toMatchObject({ kind: 'ask-witness' })
    expect(decide({ isPinAtHand: false, isWitnessed: true })).toMatchObject({
      kind: 'allow',
      identity: 'badge',
      amr: ['user'],
    })
  })
  it('staff number and PIN, with a colleague', () => {
    const by = number
    expect(decide({ by })).toMatchObject({ kind: 'ask-pin' })
    expect(decide({ by, isPinProved: true })).toMatchObject({ kind: 'ask-witness' })
    expect(decide({ by, isPinProved: true, isWitnessed: true })).toMatchObject({
      kind: 'allow',
      identity: 'number-and-pin',
      amr: ['pin'],
    })
  })
})

describe('asks for a colleague', () => {
  it.each([
    ['on leave', { person: { status: 'on-leave', term: 'within' } }, 'person-is-on-leave'],
    ['with a suspended badge', { by: card('suspended') }, 'badge-is-suspended'],
    ['always, where the zone says so', { settings: settingsWith({ witness: 'always' }) }, 'zone'],
  ] as const)('somebody %s', (_name, change, rule) => {
    const decision = decide({ ...change, isPinProved: true })
    expect(decision).toMatchObject({ kind: 'ask-witness', rule: expect.stringContaining(rule) })
  })
})

describe('refuses', () => {
  it.each([
    ['where the zone offers none', { settings: settingsWith({ offered: false }) }],
    ['a reason that is not on the list', { choice: { reason: 'bored', hasNote: true } }],
    ['a reason without the note it asks for', { choice: { reason: 'other', hasNote: false } }],
  ] as const)('%s', (_name, change) => {
    expect(decide(change)).toMatchObject({ kind: 'refuse', code: 'emergency-not-offered' })
  })
  it.each([
    ['who is gone', { person: { status: 'terminated', term: 'within' } }, 'emergency-never'],
    ['with a badge reported lost', { by: card('lost') }, 'emergency-never'],
    [
      'whose time has not begun',
      { person: { status: 'active', term: 'not-begun' } },
      'access-not-begun',
    ],
    ['whose time is over', { person: { status: 'active', term: 'over' } }, 'access-over'],
    [
      'whom security has suspended',
      { person: { status: 'suspended', term: 'within' } },
      'person-not-active',
    ],
    [
      'whose first day is to come',
      { person: { status: 'pre-hire', term: 'within' } },
      'person-not-active',
    ],
    ['with a badge that was replaced', { by: card('replaced') }, 'badge-not-usable'],
    ['that nobody knows', { person: undefined }, 'badge-not-usable'],
  ] as const)('somebody %s, whatever was proved', (_name, change, code) => {
    for (const isPinProved of [false, true]) {
      expect(decide({ ...change, isPinProved, isWitnessed: true })).toMatchObject({ code })
    }
  })
  it('a suspended badge without a PIN, even with a colleague', () => {
    const by = card('suspended')
    expect(decide({ by, isPinAtHand: false, isWitnessed: true })).toMatchObject({
      code: 'badge-not-usable',
    })
  })
  it('a number of nobody, of one suspended and of one gone alike, and only after the PIN', () => {
    for (const person of [
      undefined,
      { status: 'suspended', term: 'within' },
      { status: 'terminated', term: 'within' },
      { status: 'pre-hire', term: 'within' },
    ] as const) {
      expect(decide({ by: number, person })).toEqual(decide({ by: number }))
      expect(decide({ by: number, person, isPinProved: true })).toMatchObject({
        rule: 'number-and-pin',
        code: 'not-identified',
      })
    }
  })
})

describe('as a workstation without a broker decides too:', () => {
  it.each(emergencyCases)('%s', (_name, of, answer) => {
    const settings = settingsWith({
      offered: of.zone !== 'offers-none',
      witness: of.zone === 'always-asks-witness' ? 'always' : 'when-weak',
      reasons: caseReasons,
    })
    const decision = decideBreakGlass({
      settings,
      choice: choiceOf(of),
      person: of.person === 'nobody' ? undefined : { status: of.person, term: 'within' },
      by: of.by === 'card' ? card('active') : number,
      isPinAtHand: of.pin !== 'not-at-hand',
      isPinProved: of.pin === 'proved',
      isWitnessed: of.isWitnessed,
    })
    expect(decision).toMatchObject(answer)
  })
})

const anyFacts = fc.record({
  settings: fc
    .record({
      offered: fc.boolean(),
      witness: fc.constantFrom('when-weak' as const, 'always' as const),
    })
    .map(settingsWith),
  choice: fc.record({
    reason: fc.constantFrom('patient-in-danger', 'other', 'bored'),
    hasNote: fc.boolean(),
  }),
  person: fc.option(
    fc.record({
      status: fc.constantFrom(
        'active' as const,
        'on-leave' as const,
        'suspended' as const,
        'terminated' as const,
        'pre-hire' as const,
      ),
      term: fc.constantFrom('within' as const, 'over' as const, 'not-begun' as const),
    }),
    { nil: undefined },
  ),
  by: fc.constantFrom(
    number,
    ...(['active', 'suspended', 'lost', 'replaced', 'expired'] as const).map(card),
  ),
  isPinAtHand: fc.boolean(),
  isPinProved: fc.boolean(),
  isWitnessed: fc.boolean(),
})

describe('never', () => {
  it('lets in on one weak proof, or whom security keeps out', () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        const decision = decideBreakGlass(any)
        if (decision.kind !== 'allow') return
        expect(any.settings.offered).toBe(true)
        expect(['active', 'on-leave']).toContain(any.person?.status)
        expect(any.person?.term).toBe('within')
        if (any.by.kind === 'card') expect(['active', 'suspended']).toContain(any.by.badge)
        // Two of three at least: a good badge, the PIN, a colleague.
        const isBadgeGood = any.by.kind === 'card' && any.by.badge === 'active'
        const proofs = [isBadgeGood, any.isPinProved, any.isWitnessed].filter(Boolean)
        expect(proofs.length).toBeGreaterThanOrEqual(2)
      }),
      { numRuns: 2000 },
    )
  })
  it('comes back without the PIN, or with a badge that is not good', () => {
    const who = { personStatus: 'active', term: 'within', badgeStatus: 'active' } as const
    const at = { nowMs: 7, ...who } as const
    const pin = { isPinAtHand: true, isPinProved: false }
    expect(decideReturn({ ...at, ...pin })).toMatchObject({ kind: 'ask-pin' })
    expect(decideReturn({ ...at, ...pin, isPinProved: true })).toMatchObject({ pinAtMs: 7 })
    expect(decideReturn({ ...at, ...pin, isPinAtHand: false })).toBeUndefined()
    for (const change of [
      { badgeStatus: 'suspended' },
      { badgeStatus: 'lost' },
      { personStatus: 'suspended' },
      { personStatus: 'terminated' },
      { term: 'over' },
      { term: 'not-begun' },
      { personStatus: 'pre-hire' },
    ] as const) {
      expect(decideReturn({ ...at, ...pin, ...change, isPinProved: true })).toBeUndefined()
    }
  })
})

describe('a zone', () => {
  const digits = { min: 8, max: 12 }
  const zone = { id: '4-west', kind: 'nurse-station', label: '4 West' }
  it('tells its workstations a few reasons in plain words', () => {
    const rules = rulesFor({ ...zone, settings: zoneSettings.parse({}) }, digits)
    expect(rules.emergency?.reasons).toHaveLength(5)
    expect(rules.emergency?.reasons.at(-1)).toMatchObject({ code: 'other', asksNote: true })
  })
  it('that offers none says nothing of it', () => {
    const settings = zoneSettings.parse({ emergency: { offered: false } })
    expect('emergency' in rulesFor({ ...zone, settings }, digits)).toBe(false)
  })
  it.each([
    ['no reason', []],
    ['nine reasons', Array.from({ length: 9 }, (_, n) => ({ code: `r${String(n)}`, label: 'x' }))],
    ['one twice', [{ code: 'a', label: 'x' }, { code: 'a', label: 'y' }]], // prettier-ignore
    ['text that turns round', [{ code: 'a', label: 'x\u202ey' }]],
  ])('with %s is refused', (_name, reasons) => {
    expect(zoneSettings.safeParse({ emergency: { reasons } }).success).toBe(false)
  })
})
