// What a workstation alone allows and refuses, case by case, and for all cases.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideAlone } from './decide-alone.ts'
import type { AloneFacts } from './decide-alone.ts'

const nowMs = 1_800_000_000_000
const minuteMs = 60_000
const bundle = {
  pinMode: 'grace',
  graceRollingMs: 60 * minuteMs,
  graceAbsoluteMs: 720 * minuteMs,
} as const
const facts: AloneFacts = {
  nowMs,
  bundle,
  person: { mayBreakGlass: true },
  isEnoughAlone: true,
  hasPin: true,
  pinLockedUntilMs: 0,
  placeLockedUntilMs: 0,
  trustedSinceMs: nowMs - 1000 * minuteMs,
  grace: { pinAtMs: nowMs - 90 * minuteMs, lastMs: nowMs - 10 * minuteMs },
  isPinProved: false,
  hasSomethingToOpen: true,
}
const decide = (change: Partial<AloneFacts>) => decideAlone({ ...facts, ...change })
const grace = (change: Partial<NonNullable<AloneFacts['grace']>>) =>
  decide({ grace: { pinAtMs: nowMs - minuteMs, lastMs: nowMs, ...change } })

describe('allows', () => {
  it.each([
    ['badge-within-grace', decide({}), nowMs - 90 * minuteMs],
    ['badge-and-pin', decide({ grace: undefined, isPinProved: true }), nowMs],
    ['zone-asks-no-pin', decide({ bundle: { ...bundle, pinMode: 'never' } }), 0],
    [
      'badge-within-grace',
      grace({ pinAtMs: nowMs - 720 * minuteMs + 1 }),
      nowMs - 720 * minuteMs + 1,
    ],
  ])('%s', (rule, decision, pinAtMs) => {
    expect(decision).toEqual({ kind: 'allow', rule, pinAtMs })
  })
})

describe('asks for the PIN', () => {
  it.each([
    ['first-of-shift', decide({ grace: undefined })],
    ['grace-absolute-over', grace({ pinAtMs: nowMs - 720 * minuteMs })],
    [
      'grace-rolling-over',
      grace({ pinAtMs: nowMs - 61 * minuteMs, lastMs: nowMs - 60 * minuteMs }),
    ],
    ['clock-went-back', grace({ pinAtMs: nowMs + 2001 })],
    ['clock-went-back', grace({ lastMs: nowMs + 2001 })],
    ['workstation-restarted', decide({ trustedSinceMs: nowMs - minuteMs })],
    ['zone-asks-each-tap', decide({ bundle: { ...bundle, pinMode: 'each-tap' } })],
    ['badge-too-weak-alone', decide({ isEnoughAlone: false })],
    [
      'badge-too-weak-alone',
      decide({ isEnoughAlone: false, bundle: { ...bundle, pinMode: 'never' } }),
    ],
  ])('%s', (rule, decision) => {
    expect(decision).toEqual({ kind: 'ask-pin', rule })
  })
})

describe('refuses', () => {
  const refused = { mayBreakGlass: false, refusal: 'role-not-in-zone' } as const
  it.each([
    ['role-not-in-zone', decide({ person: refused })],
    ['role-not-in-zone', decide({ person: refused, isPinProved: true })],
    ['role-not-in-zone', decide({ person: refused, bundle: { ...bundle, pinMode: 'never' } })],
    ['nothing-to-open', decide({ hasSomethingToOpen: false })],
    ['nothing-to-open', decide({ hasSomethingToOpen: false, isPinProved: true })],
    ['pin-not-set', decide({ grace: undefined, hasPin: false })],
    ['pin-locked', decide({ grace: undefined, pinLockedUntilMs: nowMs + 1 })],
    ['workstation-locked-out', decide({ grace: undefined, placeLockedUntilMs: nowMs + 1 })],
    ['pin-locked', decide({ isEnoughAlone: false, pinLockedUntilMs: nowMs + 1 })],
  ])('%s', (code, decision) => {
    expect(decision).toMatchObject({ kind: 'refuse', code })
  })
  it.each([
    ['off-shift', { later: [{ fromMs: nowMs, refusal: 'off-shift' }] }],
    ['off-shift', { refusal: 'off-shift', later: [{ fromMs: nowMs + 1 }] }],
    ['training-lapsed', { later: [{ fromMs: 5 }, { fromMs: 6, refusal: 'training-lapsed' }] }],
    ['not-decided-offline', { decidedUntilMs: nowMs }],
    ['not-decided-offline', { later: [{ fromMs: 5 }], decidedUntilMs: nowMs }],
  ] as const)('%s, as policy said beforehand of this moment', (code, said) => {
    const person = { mayBreakGlass: true, ...said, later: [...('later' in said ? said.later : [])] }
    expect(decide({ person, isPinProved: true })).toMatchObject({ kind: 'refuse', code })
  })
  it('nobody for whom policy said yes beforehand, from that moment on', () => {
    const later = [{ fromMs: nowMs }, { fromMs: nowMs + 1, refusal: 'off-shift' as const }]
    const person = { mayBreakGlass: true, refusal: 'off-shift' as const, later }
    expect(decide({ person: { ...person, decidedUntilMs: nowMs + 2 } })).toMatchObject({
      kind: 'allow',
    })
  })
  it('for exactly as long as the wait lasts', () => {
    const locked = { grace: undefined, pinLockedUntilMs: nowMs + 5000 }
    expect(decide(locked)).toMatchObject({ retryAfterMs: 5000 })
    expect(decide({ ...locked, pinLockedUntilMs: nowMs })).toMatchObject({ kind: 'ask-pin' })
  })
})

it('never allows anybody whom policy refused, nor on a PIN from before the last boot', () => {
  const at = fc.integer({ min: nowMs - 2000 * minuteMs, max: nowMs + minuteMs })
  const anyFacts: fc.Arbitrary<AloneFacts> = fc.record({
    nowMs: fc.constant(nowMs),
    bundle: fc.record({
      pinMode: fc.constantFrom('grace', 'each-tap', 'never'),
      graceRollingMs: fc.constantFrom(0, 60 * minuteMs),
      graceAbsoluteMs: fc.constantFrom(0, 720 * minuteMs),
    }),
    person: fc.constantFrom(
      { mayBreakGlass: true },
      { mayBreakGlass: false, refusal: 'person-not-active' as const },
    ),
    isEnoughAlone: fc.boolean(),
    hasPin: fc.boolean(),
    pinLockedUntilMs: at,
    placeLockedUntilMs: at,
    trustedSinceMs: at,
    grace: fc.option(fc.record({ pinAtMs: at, lastMs: at }), { nil: undefined }),
    isPinProved: fc.boolean(),
    hasSomethingToOpen: fc.boolean(),
  })
  fc.assert(
    fc.property(anyFacts, (any) => {
      const decision = decideAlone(any)
      if (decision.kind !== 'allow') return
      expect(any.person.refusal).toBeUndefined()
      expect(any.hasSomethingToOpen).toBe(true)
      if (any.isPinProved) return
      expect(any.isEnoughAlone).toBe(true)
      expect(any.bundle.pinMode).not.toBe('each-tap')
      if (any.bundle.pinMode === 'never') return
      expect(decision.pinAtMs).toBeGreaterThanOrEqual(any.trustedSinceMs)
      expect(nowMs - decision.pinAtMs).toBeLessThan(any.bundle.graceAbsoluteMs)
    }),
    { numRuns: 2000 },
  )
})
