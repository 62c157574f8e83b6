// What histories become, drawn at random and by hand: no workstation shows two people, presence lies
// within an open screen, nothing that is over changes by what comes later.

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Span } from '@wardkey/protocol/console/timeline'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import { cutSpans } from './cut-spans.ts'
import { findDifferences } from './find-differences.ts'
import type { DifferenceNeeds } from './find-differences.ts'
import { layOut } from './lay-out.ts'
import type { LaidOut } from './lay-out.ts'
import { byTime } from './told-fact.ts'
import type { FactFields, ToldFact } from './told-fact.ts'

const minute = 60_000
const [here, there] = [workstationId.parse(randomUUID()), workstationId.parse(randomUUID())]
const people = [personId.parse(randomUUID()), personId.parse(randomUUID())] as const
const sessions = [0, 1, 2].map(() => sessionId.parse(randomUUID()))
const [anna] = people
const [first = sessionId.parse(randomUUID())] = sessions
const endMs = 600 * minute

function lay(facts: readonly ToldFact[], quietMaxMs = 11 * minute, signsGoneMs = 0): LaidOut {
  const needs = { readFromMs: 0, nowMs: endMs, quietMaxMs: () => quietMaxMs, signsGoneMs }
  return layOut([...facts].sort(byTime), needs)
}

let index = 0
function fact(code: string, atMs: number, about: Partial<ToldFact> = {}): ToldFact {
  index += 1
  const usual = { person: anna, session: first, workstation: here, fields: {} }
  return { index, code, atMs, recordedMs: atMs, ...usual, ...about }
}
const ofKind = ({ spans }: Pick<LaidOut, 'spans'>, kind: string) =>
  spans.filter((span) => span.kind === kind)
const sign = (atMs: number, evidence = 'input'): ToldFact =>
  fact('PRE-001', atMs, { fields: { evidence, confidencePercent: 90 } })

const codes = ['TAP-001', 'SES-002', 'SES-003', 'SES-004', 'PRE-001', 'SSO-002', 'SES-005']
const histories = fc
  .array(
    fc.record({
      code: fc.constantFrom(...codes),
      at: fc.integer({ min: 0, max: 500 }),
      session: fc.integer({ min: 0, max: 2 }),
      place: fc.constantFrom(here, there),
    }),
    { maxLength: 60 },
  )
  .map((drawn) =>
    drawn
      .map(({ code, at, session, place }, index): ToldFact => {
        const fields: FactFields =
          code === 'PRE-001' ? { evidence: 'input', confidencePercent: 90 } : { client: 'chart' }
        return {
          ...{ index, code, atMs: at * minute, recordedMs: at * minute, workstation: place },
          ...{ session: sessions[session] ?? first, person: people[session % 2] ?? anna, fields },
        }
      })
      .sort(byTime),
  )

const untilOf = ({ untilMs }: Span): number => untilMs ?? endMs
const doOverlap = (a: Span, b: Span): boolean => a.fromMs < untilOf(b) && b.fromMs < untilOf(a)
function pairsOf(spans: readonly Span[]): readonly (readonly [Span, Span])[] {
  return spans.flatMap((a, at) => spans.slice(at + 1).map((b) => [a, b] as const))
}

describe('any history', () => {
  it('has spans that end after they begin, and name facts that are in it', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const known = new Set(history.map((one) => one.index))
        for (const span of lay(history).spans) {
          expect(untilOf(span)).toBeGreaterThanOrEqual(span.fromMs)
          expect(span.facts.length).toBeGreaterThan(0)
          expect(span.facts.every((one) => known.has(one))).toBe(true)
        }
      }),
    )
  })
  it('has no session in two states or at two places at once', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const spans = lay(history).spans.filter(({ lane, isCut }) => lane === 'session' && !isCut)
        for (const [a, b] of pairsOf(spans)) {
          if (a.sessionId === b.sessionId) expect(doOverlap(a, b)).toBe(false)
        }
      }),
    )
  })
  it('shows nobody beside another at one workstation', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const open = ofKind(lay(history), 'open').filter(({ isCut }) => !isCut)
        for (const [a, b] of pairsOf(open)) {
          if (a.workstationId === b.workstationId) expect(doOverlap(a, b)).toBe(false)
        }
      }),
    )
  })
  it('has presence and charts only while the screen was open', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const laid = lay(history)
        const open = ofKind(laid, 'open')
        for (const span of laid.spans.filter(({ lane }) => lane !== 'session')) {
          const around = open.some(
            (one) =>
              one.sessionId === span.sessionId &&
              one.workstationId === span.workstationId &&
              one.fromMs <= span.fromMs &&
              untilOf(one) >= untilOf(span),
          )
          expect(around).toBe(true)
        }
      }),
    )
  })
  it('keeps what is over, whatever comes later', () => {
    fc.assert(
      fc.property(histories, fc.nat(60), (history, many) => {
        const brief = ({ lane, kind, fromMs, untilMs, sessionId: id }: Span) =>
          JSON.stringify([lane, kind, fromMs, untilMs, id])
        const after = new Set(lay(history).spans.map(brief))
        const over = lay(history.slice(0, many)).spans.filter((one) => one.untilMs !== undefined)
        expect(over.map(brief).filter((one) => !after.has(one))).toEqual([])
      }),
    )
  })
  it('is cut to the time that was asked for', () => {
    const times = fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 100 }))
    fc.assert(
      fc.property(histories, times, (history, [from, many]) => {
        const window = { fromMs: from * minute, toMs: (from + many) * minute, nowMs: endMs }
        for (const span of cutSpans(lay(history).spans, window)) {
          expect(span.fromMs).toBeGreaterThanOrEqual(window.fromMs)
          expect(span.fromMs).toBeLessThan(window.toMs)
          if (window.nowMs >= window.toMs) expect(untilOf(span)).toBeLessThanOrEqual(window.toMs)
        }
      }),
    )
  })
})

describe('a session', () => {
  it('that is locked without having been seen to open was open before', () => {
    const [open] = ofKind(lay([fact('SES-003', 5 * minute)]), 'open')
    expect(open).toMatchObject({ fromMs: 0, untilMs: 5 * minute, isCut: true })
  })
  it('ends once, and no late sign brings it back', () => {
    const laid = lay([fact('TAP-001', 0), fact('SES-004', minute), sign(2 * minute)])
    expect(ofKind(laid, 'open')).toHaveLength(1)
    expect(laid.spans.filter(({ untilMs }) => untilMs === undefined)).toEqual([])
  })
  it('was locked when its workstation says that it was, not when that was heard', () => {
    const laid = lay([
      fact('TAP-001', 0),
      fact('SES-008', 3 * minute, { recordedMs: 20 * minute }),
      fact('SES-003', 9 * minute),
    ])
    expect(ofKind(laid, 'open')).toMatchObject([{ untilMs: 3 * minute }])
    expect(ofKind(laid, 'locked')).toHaveLength(1)
  })
  it.each([
    ['before she went on elsewhere', 3, 3],
    ['after it', 7, 5],
  ])(
    'was locked there when that is told late, %s, and is open where she is',
    (_when, at, until) => {
      const laid = lay([
        fact('TAP-001', 0),
        fact('SES-002', 5 * minute, { workstation: there, fields: { from: here, wasOpen: true } }),
        fact('SES-008', at * minute, { recordedMs: 20 * minute }),
      ])
      expect(ofKind(laid, 'open')).toMatchObject([
        { workstationId: here, untilMs: until * minute },
        { workstationId: there, fromMs: 5 * minute },
      ])
      expect(laid.spans.find(({ workstationId: at }) => at === there)?.untilMs).toBeUndefined()
    },
  )
  it('is believed of a workstation alone only where the broker believed it', () => {
    const fields = { journal: 'j', outcome: 'admitted', isBelieved: false, isResumed: false }
    expect(lay([fact('OFF-002', 0, { fields })]).spans).toEqual([])
  })
  it('that only its workstation knew is over when its journal was merged, unless it is kept', () => {
    const fields = { journal: 'j', outcome: 'admitted', isBelieved: true, isResumed: false }
    const alone = fact('OFF-002', 0, { fields, recordedMs: 30 * minute })
    expect(ofKind(lay([alone]), 'open')).toMatchObject([{ untilMs: 30 * minute, isOffline: true }])
    const kept = fact('SES-001', 30 * minute, { fields: { journal: 'j' } })
    expect(ofKind(lay([alone, kept]), 'open')[0]?.untilMs).toBeUndefined()
  })
  it('names its chart by the first token that an EHR got', () => {
    const token = fact('SSO-002', 2000, { fields: { client: 'epic-like' } })
    const laid = lay([fact('TAP-001', 0), fact('SSO-001', 1000), token, fact('SES-005', 3000)])
    const launches = laid.spans.filter(({ lane }) => lane === 'launch')
    expect(launches).toMatchObject([{ kind: 'epic-like', fromMs: 1000 }])
    expect(launches[0]?.facts).toHaveLength(3)
  })
})

describe('silences', () => {
  it.each([
    ['none while signs come in time', [0, 5, 10, 15], 20, []],
    ['one between two signs that are far apart', [0, 30], 31, [[11, 30]]],
    ['one before it was locked', [0], 40, [[11, 40]]],
  ])('are %s', (_, signs, lockedAt, expected) => {
    const { silences } = lay([
      fact('TAP-001', 0),
      ...signs.map((at) => sign(at * minute)),
      fact('SES-003', lockedAt * minute),
    ])
    expect(silences.map((one) => [one.fromMs / minute, (one.untilMs ?? 0) / minute])).toEqual(
      expected,
    )
  })
  it.each([
    ['are none', 40, []],
    ['are looked for from then on', 20, [[31, 40]]],
  ])('%s where signs are gone up to a time', (_what, goneMinutes, expected) => {
    const facts = [fact('TAP-001', 0), fact('SES-003', 40 * minute)]
    const { silences } = lay(facts, 11 * minute, goneMinutes * minute)
    expect(silences.map((one) => [one.fromMs / minute, (one.untilMs ?? 0) / minute])).toEqual(
      expected,
    )
  })
  it('go on where the screen is still open', () => {
    expect(lay([fact('TAP-001', 0)]).silences).toMatchObject([{ fromMs: 11 * minute }])
    expect(lay([fact('TAP-001', 0)]).silences[0]?.untilMs).toBeUndefined()
  })
})

describe('two places', () => {
  const other = sessions[1] ?? first
  const needs = (change: Partial<DifferenceNeeds> = {}): DifferenceNeeds => ({
    ...{ fromMs: 0, toMs: endMs, nowMs: endMs, silences: [], doors: undefined, doorsGoneMs: 0 },
    ...{ zoneOf: () => undefined, isPair: () => false },
    ...change,
  })
  const both = (secondAt: number, about: Partial<ToldFact> = {}): readonly Span[] =>
    lay([
      fact('TAP-001', 0),
      fact('TAP-001', secondAt, { session: other, workstation: there, ...about }),
      fact('SES-003', 30 * minute),
    ]).spans
  it('are said, from when to when', () => {
    expect(findDifferences(both(10 * minute), needs())).toMatchObject([
      { kind: 'two-places', fromMs: 10 * minute, untilMs: 30 * minute, personId: anna },
    ])
  })
  it.each([
    ['two people', both(10 * minute, { person: people[1] }), needs()],
    ['one after the other', both(31 * minute), needs()],
    ['a pair of screens', both(10 * minute), needs({ isPair: () => true })],
    ['clocks that differ a little', both(30 * minute - 2000), needs()],
  ])('are not %s', (_, spans, given) => {
    expect(findDifferences(spans, given)).toEqual([])
  })
})

describe('a door', () => {
  const hour = 60 * minute
  const found = (doorsGoneMs: number) =>
    findDifferences(lay([fact('TAP-001', 20 * hour), fact('SES-003', 21 * hour)]).spans, {
      ...{ fromMs: 0, toMs: 40 * hour, nowMs: 40 * hour, silences: [], doors: [], doorsGoneMs },
      ...{ zoneOf: () => undefined, isPair: () => false },
    })
  it('by which nobody came in is said, unless what it said may be gone', () => {
    expect(found(0)).toMatchObject([{ kind: 'presence-without-door' }])
    expect(found(4 * hour)).toMatchObject([{ kind: 'presence-without-door' }])
    expect(found(4 * hour + 1)).toEqual([])
  })
})
