// What a bundle says of later: the end of a shift, a lapsed training, a lockdown that ends, and
// nothing at all where the next hours change nothing.

import { describe, expect, it } from 'vitest'
import { personId } from '@wardkey/protocol/ids'
import { compiledOf, usualHouse } from '../../../../test/kit/usual-house.ts'
import { accessFacts } from '../../identity/access-facts.ts'
import { usualPolicies } from '../../policy/cedar/usual-policies.ts'
import { zoneSettings } from '../../policy/zone-settings.ts'
import { decideBeforehand } from './decided-beforehand.ts'
import type { ViewedAt } from './decided-beforehand.ts'
import type { KnownPerson } from './known-person.ts'

const hour = 3_600_000
const nowMs = Date.parse('2026-06-10T06:00:00Z')
const at: ViewedAt = {
  ...{ nowMs, untilMs: nowMs + 24 * hour, house: usualHouse },
  modes: { zone: null, house: null },
}
const zone = (rules: object = {}) => ({
  ...{ id: 'icu', kind: 'icu' },
  settings: zoneSettings.parse({ roles: ['nurse'], ...rules }),
})
const person = (access: object, assurance = 1): KnownPerson => ({
  id: personId.parse('018f3c1e-0000-7000-8000-000000000001'),
  ...{ status: 'active', roles: ['nurse'], access: accessFacts.parse(access) },
  ...{ name: { given: 'A', family: 'B' }, hasLostBadge: false, pin: undefined },
  cards: [{ technology: 'csn', canonical: '04a1b2c3', assurance }],
  ...{ staffNumber: undefined, seenMs: 0, digest: '' },
})
const days = { hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '07:00', until: '19:00' }] }

describe('decided beforehand', () => {
  it('are the begin and the end of a shift, where the zone asks for it', () => {
    expect(decideBeforehand(zone({ asksShift: 'refuse' }), person(days), at)).toMatchObject({
      refusal: 'off-shift',
      later: [{ fromMs: nowMs + hour }, { fromMs: nowMs + 13 * hour, refusal: 'off-shift' }],
      untilMs: undefined,
    })
  })
  it('is nothing of a shift that no rule asks for', () => {
    expect(decideBeforehand(zone(), person(days), at)).toMatchObject({
      ...{ refusal: undefined, later: [], areEnough: [true], areWorth: [true] },
    })
  })
  it('are a training that lapses and a contract that ends', () => {
    const access = { training: { bls: nowMs + hour }, endsMs: nowMs + 2 * hour }
    const { later } = decideBeforehand(zone({ asksTraining: ['bls'] }), person(access), at)
    expect(later).toEqual([
      { fromMs: nowMs + hour, refusal: 'training-lapsed' },
      { fromMs: nowMs + 2 * hour, refusal: 'access-over' },
    ])
  })
  it('is the end of an exception, by role or by zone', () => {
    const until = (kind: 'role' | 'zone', what: string) => ({
      exceptions: [{ id: 'x', kind, what, untilMs: nowMs + hour }],
    })
    const pharmacy = zone({ roles: ['pharmacist'] })
    const nurse = person({})
    const covering = { ...nurse, access: { ...nurse.access, ...until('role', 'pharmacist') } }
    expect(decideBeforehand(pharmacy, covering, at)).toMatchObject({
      refusal: undefined,
      later: [{ fromMs: nowMs + hour, refusal: 'role-not-in-zone' }],
    })
    const vendor = person({ zones: ['lab'] })
    const visiting = { ...vendor, access: { ...vendor.access, ...until('zone', 'icu') } }
    expect(decideBeforehand(zone(), visiting, at)).toMatchObject({
      refusal: undefined,
      later: [{ fromMs: nowMs + hour, refusal: 'zone-not-hers' }],
    })
    // One that is over gives nothing, whether its end was written down or not.
    const over = { ...at, nowMs: nowMs + hour }
    expect(decideBeforehand(pharmacy, covering, over).refusal).toBe('role-not-in-zone')
  })
  it('is the end of a lockdown', () => {
    const house = { mode: 'lockdown', untilMs: nowMs + hour } as const
    const locked = { ...at, modes: { zone: null, house } }
    expect(decideBeforehand(zone(), person({}), locked)).toMatchObject({
      refusal: 'locked-down',
      later: [{ fromMs: nowMs + hour }],
    })
  })
  it('is no more than a bundle has room for, and then nothing is known', () => {
    const roster = Array.from({ length: 20 }, (_none, n) => ({
      fromMs: nowMs + n * hour + 1,
      untilMs: nowMs + n * hour + 2,
    }))
    const one = decideBeforehand(zone({ asksShift: 'refuse' }), person({ roster }), at)
    expect(one.later).toHaveLength(16)
    expect(one.untilMs).toBe(nowMs + 8 * hour + 1)
  })
  it('is that the badge alone is not enough, where policy ever asks for more', () => {
    const asks = decideBeforehand(zone({ asksShift: 'pin' }), person(days), at)
    expect(asks).toMatchObject({ refusal: undefined, later: [], areEnough: [false] })
  })
  it('is that a badge is worth too little, where policy says so of its kind', () => {
    const policies = compiledOf(`${usualPolicies}
      @id("strong-only") @refusal("not-permitted")
      forbid (principal, action == Action::"use", resource) when { context.assurance < 3 };`)
    const strict = { ...at, house: { ...usualHouse, policies } }
    expect(decideBeforehand(zone(), person({}, 1), strict).areWorth).toEqual([false])
    expect(decideBeforehand(zone(), person({}, 3), strict).areWorth).toEqual([true])
  })
})
