// What the tap policy allows and refuses, case by case and for all cases.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usualHouse } from '../../../test/kit/usual-house.ts'
import { questionOf } from './cedar/policy-question.ts'
import { decideTap } from './decide-tap.ts'
import type { TapFacts } from './decide-tap.ts'
import { zoneSettings } from './zone-settings.ts'
import type { ZoneSettings } from './zone-settings.ts'

const nowMs = 1_800_000_000_000
const minute = 60_000
/** As before the policies are asked: her roles and standing instead of what they say of them. */
type AskedFacts = Omit<TapFacts, 'verdict' | 'person' | 'zone'> & {
  readonly person: TapFacts['person'] & { readonly roles: readonly string[] }
  readonly zone: TapFacts['zone'] & { readonly kind: string }
}
const facts: AskedFacts = {
  nowMs,
  person: { status: 'active', term: 'within', roles: ['nurse'] },
  badge: { status: 'active', assurance: 1 },
  hasPin: true,
  pinLockedUntilMs: 0,
  zone: {
    id: '4-west',
    kind: 'ward',
    settings: zoneSettings.parse({ roles: ['nurse', 'physician'] }),
  },
  workstation: { trustedSinceMs: nowMs - 1000 * minute, lockedUntilMs: 0 },
  grace: { zoneId: '4-west', pinAtMs: nowMs - 90 * minute, lastMs: nowMs - 10 * minute },
  isPinProved: false,
}
const zoneWith = (change: Partial<ZoneSettings>): AskedFacts['zone'] => ({
  id: '4-west',
  kind: 'ward',
  settings: zoneSettings.parse({ roles: ['nurse'], ...change }),
})
const standing = { term: 'within', shift: 'unknown', training: [], ownZones: undefined } as const
const decideAsked = (asked: AskedFacts) => {
  const { person, badge, zone } = asked
  const about = { roles: person.roles, assurance: badge.assurance, mode: 'normal', zone } as const
  const question = questionOf({ ...about, standing: { ...standing, needsEscort: false } })
  return decideTap({ ...asked, verdict: usualHouse.policies.ask(question, 'somebody') })
}
const decide = (change: Partial<AskedFacts>) => decideAsked({ ...facts, ...change })
const grace = (change: Partial<NonNullable<TapFacts['grace']>>) =>
  decide({ grace: { zoneId: '4-west', pinAtMs: nowMs - minute, lastMs: nowMs, ...change } })

describe('allows', () => {
  it('the badge alone within the grace window, with the time of the PIN', () => {
    expect(decide({})).toMatchObject({
      kind: 'allow',
      rule: 'badge-within-grace',
      pinAtMs: nowMs - 90 * minute,
    })
  })
  it('badge and PIN at any time', () => {
    expect(decide({ grace: null, isPinProved: true })).toMatchObject({
      kind: 'allow',
      rule: 'badge-and-pin',
      pinAtMs: nowMs,
    })
  })
})

describe('allows, and says what it is worth', () => {
  it('a badge alone where the zone asks no PIN, as a badge alone', () => {
    expect(decide({ grace: null, zone: zoneWith({ pin: 'never' }) })).toEqual({
      kind: 'allow',
      rule: 'zone-asks-no-pin',
      acr: 'urn:wardkey:acr:badge',
      amr: ['user'],
      pinAtMs: 0,
    })
  })
  it('never says that a badge which can be copied proved a key', () => {
    const decision = decide({ isPinProved: true })
    expect(decision).toMatchObject({ amr: ['pin', 'user'], acr: 'urn:wardkey:acr:badge-pin' })
  })
})

describe('asks for the PIN', () => {
  it.each([
    ['first-of-shift', decide({ grace: null })],
    ['zone-changed', grace({ zoneId: 'pharmacy' })],
    ['grace-absolute-over', grace({ pinAtMs: nowMs - 720 * minute })],
    ['grace-rolling-over', grace({ pinAtMs: nowMs - 61 * minute, lastMs: nowMs - 60 * minute })],
    ['clock-went-back', grace({ pinAtMs: nowMs + 2001 })],
    ['zone-asks-each-tap', decide({ zone: zoneWith({ pin: 'each-tap' }) })],
    ['badge-too-weak-alone', decide({ badge: { status: 'active', assurance: 0 } })],
    [
      'badge-too-weak-alone',
      decide({
        badge: { status: 'active', assurance: 2 },
        zone: zoneWith({ pin: 'never', badgeAloneAssurance: 3 }),
      }),
    ],
    [
      'workstation-restarted',
      decide({ workstation: { trustedSinceMs: nowMs - minute, lockedUntilMs: 0 } }),
    ],
  ])('%s', (rule, decision) => {
    expect(decision).toEqual({ kind: 'ask-pin', rule })
  })
})

describe('refuses', () => {
  it('somebody who may not, whatever her grace, her PIN and the zone’s ease', () => {
    const person = { status: 'suspended', term: 'within', roles: ['nurse'] } as const
    const zone = zoneWith({ pin: 'never' })
    expect(decide({ person, zone, isPinProved: true })).toMatchObject({ kind: 'refuse' })
  })
  it.each(['pre-hire', 'on-leave', 'suspended', 'terminated'] as const)(
    'a person who is %s',
    (status) => {
      const decision = decide({
        person: { status, term: 'within', roles: ['nurse'] },
        isPinProved: true,
      })
      expect(decision).toMatchObject({ kind: 'refuse', code: 'person-not-active' })
    },
  )
  it.each(['suspended', 'lost', 'replaced', 'expired'] as const)('a badge that is %s', (status) => {
    const decision = decide({ badge: { status, assurance: 5 }, isPinProved: true })
    expect(decision).toMatchObject({ kind: 'refuse', code: 'badge-not-usable' })
  })
  it.each([
    ['not-begun', 'access-not-begun'],
    ['over', 'access-over'],
  ] as const)('a person whose time is %s, with whatever PIN', (term, code) => {
    const person = { status: 'active', term, roles: ['nurse'] } as const
    expect(decide({ person, isPinProved: true })).toMatchObject({ kind: 'refuse', code })
  })
  it('a role that the zone does not name', () => {
    const person = { status: 'active', term: 'within', roles: ['billing'] } as const
    expect(decide({ person, isPinProved: true })).toMatchObject({ code: 'role-not-in-zone' })
  })
  it('everybody in a zone that names no role', () => {
    const zone = { id: '4-west', kind: 'ward', settings: zoneSettings.parse({}) }
    expect(decide({ zone, isPinProved: true })).toMatchObject({ code: 'role-not-in-zone' })
  })
  it('a person without a PIN, outside the grace window', () => {
    expect(decide({ grace: null, hasPin: false })).toMatchObject({ code: 'pin-not-set' })
  })
  it('a locked PIN, saying for how long', () => {
    expect(decide({ grace: null, pinLockedUntilMs: nowMs + 5000 })).toMatchObject({
      code: 'pin-locked',
      retryAfterMs: 5000,
    })
  })
  it('a workstation with too many wrong PINs', () => {
    const workstation = { trustedSinceMs: 0, lockedUntilMs: nowMs + 5000 }
    expect(decide({ grace: null, workstation })).toMatchObject({ code: 'workstation-locked-out' })
  })
})

it('never allows anybody who is not active, with a badge that is, in a role of the zone', () => {
  const anyFacts: fc.Arbitrary<AskedFacts> = fc.record({
    nowMs: fc.constant(nowMs),
    person: fc.record({
      status: fc.constantFrom('active', 'pre-hire', 'on-leave', 'suspended', 'terminated'),
      term: fc.constantFrom('within', 'not-begun', 'over'),
      roles: fc.subarray(['nurse', 'billing', 'physician']),
    }),
    badge: fc.record({
      status: fc.constantFrom('active', 'suspended', 'lost', 'replaced', 'expired'),
      assurance: fc.integer({ min: 0, max: 5 }),
    }),
    hasPin: fc.boolean(),
    pinLockedUntilMs: fc.integer({ min: nowMs - minute, max: nowMs + minute }),
    zone: fc.constantFrom(facts.zone, zoneWith({ pin: 'each-tap' })),
    workstation: fc.record({
      trustedSinceMs: fc.integer({ min: nowMs - 2000 * minute, max: nowMs }),
      lockedUntilMs: fc.integer({ min: nowMs - minute, max: nowMs + minute }),
    }),
    grace: fc.option(
      fc.record({
        zoneId: fc.constantFrom('4-west', 'pharmacy'),
        pinAtMs: fc.integer({ min: nowMs - 2000 * minute, max: nowMs + minute }),
        lastMs: fc.integer({ min: nowMs - 2000 * minute, max: nowMs + minute }),
      }),
    ),
    isPinProved: fc.boolean(),
  })
  fc.assert(
    fc.property(anyFacts, (any) => {
      const decision = decideAsked(any)
      if (decision.kind !== 'allow') return
      expect(any.person.status).toBe('active')
      expect(any.person.term).toBe('within')
      expect(any.badge.status).toBe('active')
      expect(any.zone.settings.roles.some((role) => any.person.roles.includes(role))).toBe(true)
      expect(decision.pinAtMs).toBeGreaterThanOrEqual(
        any.isPinProved ? nowMs : any.workstation.trustedSinceMs,
      )
      expect(nowMs - decision.pinAtMs).toBeLessThan(any.zone.settings.graceAbsoluteMs)
    }),
    { numRuns: 2000 },
  )
})
