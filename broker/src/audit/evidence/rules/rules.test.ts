// Each rule of the evidence: what meets its checks and what breaks them, that nothing is met for
// want of anything to see, and that the table says of itself what it must.

import { describe, expect, it } from 'vitest'
import { factCodes } from '@wardkey/protocol/fact-codes'
import type { EvidenceRule, FactCheck, Outcome, SeenFact } from '../evidence-rule.ts'
import { judgeRule } from '../judge-rules.ts'
import { samplesBy } from '../samples.ts'
import { Tally } from '../tally.ts'
import { allChecks, allRules, queryOf } from './all-rules.ts'

type Told = Partial<SeenFact> & Pick<SeenFact, 'code'>
const period = { fromMs: 0, untilMs: 10_000_000 }

function outcomeOf(id: string, told: readonly Told[]): Outcome {
  const tally = new Tally(allChecks, samplesBy(Buffer.alloc(32)))
  told.forEach((fact, index) => {
    tally.take({ index, recordedMs: index * 1000, fields: {}, ...fact })
  })
  const found = tally.end(period).find(([name]) => name === id)
  if (!found) throw new Error(`no check ${id}`)
  return found[1]
}

const rosa = { person: 'rosa', session: 's1' }
const taken = { code: 'PER-003', person: 'rosa', fields: { status: 'suspended' } }
const tap = { code: 'TAP-001', ...rosa, badge: 'b1', fields: { acr: 'badge-pin' } }
const lost = { code: 'BDG-002', badge: 'b1', fields: { status: 'lost' } }
const given = { code: 'BTG-002', fields: { reason: 'r', untilMs: 1, reviewDueMs: 2, grant: 'g' } }

/** What meets each, and then everything that breaks it. */
const cases: Readonly<Record<string, readonly [meets: Told[], ...breaks: Told[][]]>> = {
  'taps-name-a-person': [[tap], [{ ...tap, person: undefined }], [{ ...tap, session: undefined }]],
  'refusals-say-whose': [
    [
      { code: 'TAP-101', person: 'rosa' },
      { code: 'TAP-101', fields: { code: 'badge-unknown' } },
    ],
    [{ code: 'TAP-101' }],
  ],
  'tokens-name-a-person': [[{ code: 'SSO-002', ...rosa }], [{ code: 'SSO-002', person: 'rosa' }]],
  'taps-say-how-sure': [[tap], [{ ...tap, fields: {} }]],
  'emergency-says-why-and-until': [
    [given],
    [{ ...given, fields: { ...given.fields, reason: '' } }],
    [{ ...given, fields: { reason: 'r', untilMs: 1 } }],
  ],
  'compliance-told-within-a-minute': [
    [given, { code: 'BTG-005', fields: { grant: 'g' } }],
    [given],
    [given, { code: 'BTG-005', fields: { grant: 'another' } }],
    [given, { code: 'BTG-005', fields: { grant: 'g' }, recordedMs: 60_001 }],
    [
      { ...given, fields: {} },
      { code: 'BTG-005', fields: {} },
    ],
  ],
  'emergency-reviewed-in-time': [
    [{ code: 'BTG-006', fields: { isOverdue: false } }],
    [{ code: 'BTG-006', fields: { isOverdue: true } }],
    [{ code: 'BTG-006' }],
  ],
  'looks-name-who': [[{ code: 'ADM-001', fields: { by: 'kit' } }], [{ code: 'ADM-001' }]],
  'badges-say-their-worth': [
    [{ code: 'BDG-001', fields: { technology: 'csn', assurance: 1 } }],
    [{ code: 'BDG-001', fields: { technology: 'csn' } }],
    [{ code: 'BDG-004', fields: { assurance: 1 } }],
  ],
  'nobody-after-revocation': [
    [tap, taken, { code: 'PER-002', person: 'rosa', fields: { status: 'active' } }, tap],
    [taken, tap],
    [taken, { code: 'PER-002', person: 'rosa', fields: { nameChanged: true } }, tap],
    [{ code: 'PER-007', person: 'rosa', fields: { status: 'terminated' } }, tap],
    [taken, { code: 'PER-005', person: 'dov' }, tap],
  ],
  'locks-within-a-minute': [
    [taken, { code: 'SES-004', person: 'rosa' }],
    [taken, { code: 'SES-004', person: 'rosa', recordedMs: 60_001 }],
    [
      taken,
      { code: 'SES-004', person: 'rosa' },
      { code: 'SES-008', person: 'rosa', recordedMs: 200_000, fields: { lockedMs: 190_000 } },
    ],
  ],
  'exceptions-by-two': [
    [{ code: 'EXC-002', fields: { by: 'a', proposedBy: 'b' } }],
    [{ code: 'EXC-002', fields: { by: 'a', proposedBy: 'a' } }],
    [{ code: 'EXC-002', fields: { proposedBy: 'a' } }],
  ],
  'policies-by-two': [
    [{ code: 'POL-002', fields: { by: 'a', proposedBy: 'b' } }],
    [{ code: 'POL-002', fields: { by: 'a', proposedBy: 'a' } }],
  ],
  'pins-set-by-somebody': [[{ code: 'PIN-201', fields: { by: 'kit' } }], [{ code: 'PIN-201' }]],
  'signatures-bound': [[{ code: 'SIG-002', fields: { hash: 'h' } }], [{ code: 'SIG-002' }]],
  'pin-failures-counted': [
    [{ code: 'PIN-101', fields: { failures: 5 } }],
    [{ code: 'PIN-101', fields: { failures: 100 } }],
  ],
  'lost-badges-open-nothing': [
    [tap, lost, { code: 'BDG-003', badge: 'b1' }, tap],
    [lost, tap],
    [lost, { code: 'BDG-003', badge: 'b2' }, tap],
  ],
}

const ofFacts = allChecks.filter((check): check is FactCheck => check.kind === 'facts')
const isCountOnly = (check: FactCheck): boolean => check.query.endsWith('they are counted')

describe('a check over facts', () => {
  it.each(Object.entries(cases))('%s is met by what is right', (id, [meets]) => {
    const outcome = outcomeOf(id, meets)
    expect(outcome).toMatchObject({ breaking: 0, breaks: [] })
    expect(outcome.looked).toBeGreaterThan(0)
    expect(outcome.shows.length).toBeGreaterThan(0)
  })
  it.each(Object.entries(cases))('%s is broken by what is not', (id, [, ...breaks]) => {
    for (const facts of breaks) {
      const outcome = outcomeOf(id, facts)
      expect(outcome.breaking).toBeGreaterThan(0)
      expect(outcome.breaks.length).toBeGreaterThan(0)
    }
  })
  it('is in this table, or only counts', () => {
    const named = ofFacts.filter((check) => !isCountOnly(check)).map(({ id }) => id)
    expect(named.sort()).toEqual(Object.keys(cases).sort())
  })
  it.each(ofFacts.filter(isCountOnly))('$id counts what is there, and nothing else', (check) => {
    const fields = { reason: 'idle' }
    const some = check.codes.map((code) => ({ code, fields }))
    expect(outcomeOf(check.id, some)).toMatchObject({ looked: some.length, breaking: 0 })
    const others = Object.keys(factCodes).filter((code) => !check.codes.some((one) => one === code))
    expect(
      outcomeOf(
        check.id,
        others.map((code) => ({ code })),
      ).looked,
    ).toBe(0)
  })
  it('has seen nothing where there was nothing', () => {
    for (const { id } of ofFacts)
      expect(outcomeOf(id, [])).toMatchObject({ looked: 0, breaking: 0 })
  })
  it('does not judge what came too late to be followed', () => {
    const late = { ...given, recordedMs: period.untilMs - 1000 }
    const outcome = outcomeOf('compliance-told-within-a-minute', [late])
    expect(outcome).toMatchObject({ looked: 0, breaking: 0, figures: { 'too late to judge': 1 } })
  })
  it('keeps a few places, however many break it', () => {
    const outcome = outcomeOf('taps-name-a-person', Array<Told>(500).fill({ code: 'TAP-001' }))
    expect(outcome).toMatchObject({ breaking: 500, breaks: [0, 1, 2, 3, 4] })
  })
})

describe('settings and zones', () => {
  const settings = {
    ...{ pinDigitsMin: 8, sessionMaxMs: 43_200_000, hasTls: true },
    ...{ witnesses: 1, complianceChannels: 1 },
  }
  const zone = { idleMs: 300_000, lockedMaxMs: 1, offlineMaxMs: 0, publicView: false, pin: 'grace' }
  const holds = (id: string, change: object): unknown => {
    const check = allChecks.find((one) => one.id === id)
    if (check?.kind === 'settings') return check.holds({ ...settings, ...change })
    return check?.kind === 'zones' ? check.holds({ ...zone, ...change }) : 'no such check'
  }
  it.each([
    ['pins-of-eight', {}, { pinDigitsMin: 6 }, false],
    ['sessions-end-within-a-day', {}, { sessionMaxMs: 90_000_000 }, false],
    // What cannot be said is not held against anybody, nor for.
    ['web-door-has-tls', {}, { hasTls: false }, undefined],
    ['witnessed', {}, { witnesses: 0 }, undefined],
    ['zones-lock-when-idle', {}, { idleMs: 1_800_001 }, false],
    ['zones-lock-when-idle', {}, { idleMs: 0 }, false],
    ['idle-for-an-hour-at-most', {}, { idleMs: 3_600_001 }, false],
    ['every-zone-asks-for-the-pin', {}, { pin: 'never' }, false],
    ['cut-off-for-a-day-at-most', {}, { offlineMaxMs: 86_400_001 }, false],
  ])('%s', (id, good, bad, is) => {
    expect([holds(id, good), holds(id, bad)]).toEqual([true, is])
  })
})

describe('a verdict', () => {
  const fine: Outcome = { looked: 3, breaking: 0, figures: {}, shows: [], breaks: [] }
  const all = (outcome: Outcome) => new Map(allChecks.map(({ id }) => [id, outcome]))
  const verdict = (rule: EvidenceRule, outcomes: ReadonlyMap<string, Outcome>) =>
    judgeRule(rule, outcomes).verdict

  it.each(allRules)('of $id is never met where nothing was seen', (rule) => {
    const expected = rule.notHere === undefined ? 'judgement' : 'not-applicable'
    expect(verdict(rule, new Map())).toBe(expected)
  })
  it.each(allRules)('of $id is not met where one check is broken', (rule) => {
    for (const { id } of rule.checks) {
      const outcomes = all(fine).set(id, { ...fine, breaking: 1 })
      expect(verdict(rule, outcomes)).toBe('not-met')
    }
  })
  it.each(allRules)('of $id is met only where nothing is left to a person', (rule) => {
    const isLeft = rule.left !== undefined || rule.checks.length === 0
    const gone = rule.notHere !== undefined && rule.checks.length === 0
    const whole = isLeft ? 'judgement' : 'met'
    expect(verdict(rule, all(fine))).toBe(gone ? 'not-applicable' : whole)
  })
  it.each(allRules.filter(({ checks }) => checks.length > 1))(
    'of $id is a person’s where one check saw nothing',
    (rule) => {
      for (const { id } of rule.checks) {
        const outcomes = all(fine)
        outcomes.delete(id)
        expect(verdict(rule, outcomes)).toBe('judgement')
      }
    },
  )
})

describe('the table', () => {
  it('has each id once, and says of each rule what it does not prove', () => {
    const ids = allRules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { limits, law, asks } of allRules) {
      for (const words of [limits, law, asks]) expect(words.length).toBeGreaterThan(5)
    }
  })
  it('names one check by one id, with one query', () => {
    const checks = allRules.flatMap(({ checks: some }) => some)
    for (const check of checks) {
      expect(checks.filter(({ id }) => id === check.id).every((one) => one === check)).toBe(true)
      expect(queryOf(check)).not.toBe('')
    }
  })
  it('claims no certificate', () => {
    const words = JSON.stringify(allRules)
    expect(words).not.toMatch(/(hipaa|epcs|dea)[ -](certified|compliant)/i)
  })
})
