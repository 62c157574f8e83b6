// The machine by cases that a ward would tell, and by properties over any history at all.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ceremonyId, messageId, sessionId, tapId } from '@wardkey/protocol/ids'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Effect } from './effect.ts'
import type { Happening } from './event.ts'
import { initialState } from './initial.ts'
import { askMs, coveredMax, openMs } from './limits.ts'
import { seatedOf } from './moves.ts'
import type { Card, State } from './state.ts'
import { step } from './step.ts'

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const tap = (n: number) => tapId.parse(uuid(n))
const session = (n: number) => sessionId.parse(uuid(1000 + n))
const ceremony = ceremonyId.parse(uuid(5000))
const id = messageId.parse(uuid(9999))
const rosa: Card = { technology: 'csn', canonical: '04a1b2c3' }
const ben: Card = { technology: 'csn', canonical: '04d4e5f6' }

/** A workstation that is told things one after the other, and remembers what it wanted done. */
class Bench {
  state: State
  nowMs = 1000
  readonly effects: Effect[] = []

  constructor() {
    this.state = initialState('4455')
    this.does({ kind: 'link-changed', link: 'up', wallMs: 0 })
    this.does({ kind: 'browser-changed', browser: 'ready' })
    this.does({ kind: 'reader-changed', reader: 'ready' })
  }

  does(happening: Happening, afterMs = 0): this {
    this.nowMs += afterMs
    const result = step(this.state, { nowMs: this.nowMs, happening })
    this.state = result.state
    this.effects.push(...result.effects)
    return this
  }

  says(frame: BrokerFrame): this {
    return this.does({ kind: 'broker-said', frame })
  }

  taps(card: Card, n: number): this {
    return this.does({ kind: 'card-seen', card, tapId: tap(n) })
  }

  admits(n: number, of = n): this {
    return this.says({
      kind: 'admitted',
      id,
      tapId: tap(n),
      sessionId: session(of),
      name: 'R. Santos',
      role: 'nurse',
      steps: [],
    })
  }

  opens(card: Card, n: number, of = n): this {
    return this.taps(card, n)
      .admits(n, of)
      .does({ kind: 'launch-shown', sessionId: session(of) })
  }

  get kind(): string {
    return this.state.phase.kind
  }

  since(mark: number): readonly Effect[] {
    return this.effects.slice(mark)
  }
}

const kinds = (effects: readonly Effect[]): string[] => effects.map(({ kind }) => kind)

describe('a tap', () => {
  it('asks, opens, and shows the chart only when it is there', () => {
    const bench = new Bench().taps(rosa, 1)
    expect(bench.kind).toBe('asking')
    bench.admits(1)
    expect(bench.kind).toBe('opening')
    bench.does({ kind: 'launch-shown', sessionId: session(1) })
    expect(bench.kind).toBe('open')
    expect(kinds(bench.effects)).toEqual(['send-tap', 'launch', 'send-launched'])
  })
  it('by the same card on its own active screen leaves, the cover first', () => {
    const bench = new Bench().opens(rosa, 1)
    const mark = bench.effects.length
    bench.taps(rosa, 2)
    expect(bench.kind).toBe('locked')
    expect(bench.since(mark)).toEqual([
      { kind: 'cover', sessionId: session(1) },
      { kind: 'send-leave', sessionId: session(1), reason: 'tap-out' },
    ])
  })
  it('by another card locks first and then asks for the other', () => {
    const bench = new Bench().opens(rosa, 1)
    const mark = bench.effects.length
    bench.taps(ben, 2)
    expect(bench.kind).toBe('asking')
    expect(kinds(bench.since(mark))).toEqual(['cover', 'send-leave', 'send-tap'])
  })
  it('by the own card on a fading screen stays, and never logs out', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'tick' }, bench.state.rules.idleMs)
    expect(bench.kind).toBe('leaving')
    bench.taps(rosa, 2)
    expect(bench.kind).toBe('open')
  })
  it('again by a swinging lanyard while it is asked about means nothing', () => {
    const bench = new Bench().taps(rosa, 1)
    const mark = bench.effects.length
    bench.taps(rosa, 2)
    expect(bench.since(mark)).toEqual([])
  })
  it('without a link is refused at once, not left waiting', () => {
    const bench = new Bench().does({ kind: 'link-changed', link: 'down', wallMs: 0 }).taps(rosa, 1)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'no-answer' })
  })
})

describe('coming back', () => {
  it('to a covered session reveals it as it was, without a new launch', () => {
    const bench = new Bench().opens(rosa, 1).taps(rosa, 2)
    const mark = bench.effects.length
    bench.taps(rosa, 3).admits(3, 1)
    expect(bench.kind).toBe('open')
    expect(kinds(bench.since(mark))).toEqual(['send-tap', 'reveal', 'send-launched'])
  })
  it('does not keep more windows than it may, and closes the oldest', () => {
    const bench = new Bench()
    for (let n = 1; n <= coveredMax + 1; n++) {
      const card: Card = { technology: 'csn', canonical: `0400000${String(n)}` }
      bench.opens(card, n * 10, n).taps(card, n * 10 + 1)
    }
    expect(bench.state.covered).toHaveLength(coveredMax)
    expect(bench.effects).toContainEqual({ kind: 'end-launch', sessionId: session(1) })
  })
})

describe('a signature', () => {
  const asked = (bench: Bench) =>
    bench.says({
      kind: 'ask-signature',
      id,
      ceremonyId: ceremony,
      sessionId: session(1),
      description: 'Sign: x',
      application: 'Chart',
      answerWithinMs: 60_000,
    })
  it('takes badge and PIN and gives the chart back', () => {
    const bench = asked(new Bench().opens(rosa, 1))
    bench.taps(rosa, 2)
    bench.says({
      kind: 'ask-signature-pin',
      id,
      ceremonyId: ceremony,
      again: false,
      answerWithinMs: 9,
    })
    const input = { kind: 'signature-pin-entered', ceremonyId: ceremony, pin: '12345679' } as const
    bench.does({ kind: 'screen-said', input })
    bench.says({
      kind: 'signature-ended',
      id,
      ceremonyId: ceremony,
      outcome: 'signed',
      isOver: true,
    })
    expect(bench.kind).toBe('open')
    expect(kinds(bench.effects).slice(-4)).toEqual([
      'cover',
      'send-sign-tap',
      'send-sign-pin',
      'reveal',
    ])
  })
  it('is not ended by a colleague’s badge', () => {
    const bench = asked(new Bench().opens(rosa, 1)).taps(ben, 2)
    const wrong = { kind: 'signature-ended', id, ceremonyId: ceremony, outcome: 'refused' } as const
    bench.says({ ...wrong, isOver: false, code: 'step-up-wrong-person' })
    expect(bench.state.phase).toMatchObject({ signing: { step: 'badge', wrongBadge: true } })
  })
  it('refuses/one for a session that is not on this screen', () => {
    const bench = new Bench().opens(ben, 2)
    asked(bench)
    expect(bench.kind).toBe('open')
    expect(kinds(bench.effects).at(-1)).toBe('send-sign-cancel')
  })
  it('ends with the screen it was asked on', () => {
    const bench = asked(new Bench().opens(rosa, 1))
    const mark = bench.effects.length
    bench.does({ kind: 'lock-now', reason: 'sleep' })
    expect(kinds(bench.since(mark))).toEqual(['cover', 'send-sign-cancel', 'send-leave'])
  })
})

describe('refuses', () => {
  it('an answer that comes after the question ran out, and hands the session back', () => {
    const bench = new Bench().taps(rosa, 1).does({ kind: 'tick' }, askMs)
    const mark = bench.effects.length
    bench.admits(1)
    expect(bench.kind).toBe('refused')
    expect(bench.since(mark)).toEqual([
      { kind: 'send-leave', sessionId: session(1), reason: 'answered-late' },
    ])
  })
  it('an answer to another tap', () => {
    const bench = new Bench().taps(rosa, 2).admits(1)
    expect(bench.kind).toBe('asking')
  })
  it('a PIN typed on an old picture', () => {
    const bench = new Bench().taps(rosa, 1)
    const mark = bench.effects.length
    const input = { kind: 'pin-entered', tapId: tap(1), pin: '12345679' } as const
    bench.does({ kind: 'screen-said', input })
    expect(bench.since(mark)).toEqual([])
  })
  it('a chart that never comes', () => {
    const bench = new Bench().taps(rosa, 1).admits(1).does({ kind: 'tick' }, openMs)
    expect(bench.kind).toBe('locked')
    expect(bench.state.covered).toEqual([])
  })
  it('to stay open when the broker has been away for too long', () => {
    const bench = new Bench().opens(rosa, 1).does({ kind: 'link-changed', link: 'down', wallMs: 0 })
    bench.does({ kind: 'tick' }, bench.state.rules.staleMs)
    expect(bench.kind).toBe('locked')
  })
  it('to bring back what the browser lost', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'browser-changed', browser: 'died' })
    expect(bench.kind).toBe('locked')
    expect(bench.state.covered).toEqual([])
  })
})

const card = fc.constantFrom(rosa, ben)
const tapNumber = fc.integer({ min: 1, max: 4 })
const sessionNumber = fc.integer({ min: 1, max: 3 })
const frame: fc.Arbitrary<BrokerFrame> = fc.oneof(
  fc.record({
    kind: fc.constant('admitted' as const),
    id: fc.constant(id),
    tapId: tapNumber.map(tap),
    sessionId: sessionNumber.map(session),
    name: fc.constant('N'),
    role: fc.constant('nurse'),
    steps: fc.constant<LaunchStep[]>([]),
  }),
  fc.record({
    kind: fc.constant('ask-pin' as const),
    id: fc.constant(id),
    tapId: tapNumber.map(tap),
    again: fc.boolean(),
    answerWithinMs: fc.constant(20_000),
  }),
  fc.record({
    kind: fc.constant('refused' as const),
    id: fc.constant(id),
    tapId: tapNumber.map(tap),
    code: fc.constant('pin-locked' as const),
    quote: fc.constant('AAA-BBB'),
  }),
  fc.record({
    kind: fc.constant('lock' as const),
    id: fc.constant(id),
    sessionId: sessionNumber.map(session),
    code: fc.constant('session-moved' as const),
  }),
  fc.record({
    kind: fc.constant('ask-signature' as const),
    id: fc.constant(id),
    ceremonyId: fc.constant(ceremony),
    sessionId: sessionNumber.map(session),
    description: fc.constant('d'),
    application: fc.constant('a'),
    answerWithinMs: fc.constant(60_000),
  }),
  fc.record({
    kind: fc.constant('signature-ended' as const),
    id: fc.constant(id),
    ceremonyId: fc.constant(ceremony),
    outcome: fc.constant('signed' as const),
    isOver: fc.boolean(),
  }),
)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('card-seen' as const),
      card,
      tapId: tapNumber.map(tap),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('broker-said' as const), frame }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('launch-shown' as const),
      sessionId: sessionNumber.map(session),
    }),
  },
  fc.record({ kind: fc.constant('launch-failed' as const), sessionId: sessionNumber.map(session) }),
  fc.record({
    kind: fc.constant('link-changed' as const),
    link: fc.constantFrom('up' as const, 'down' as const),
    wallMs: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('browser-changed' as const),
    browser: fc.constantFrom('ready' as const, 'died' as const),
  }),
  fc.record({
    kind: fc.constant('lock-now' as const),
    reason: fc.constantFrom('sleep' as const, 'overflow' as const),
  }),
  fc.constant({ kind: 'tick' as const }),
  fc.constant({ kind: 'screen-said' as const, input: { kind: 'stayed' as const } }),
)
const history = fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 30_000 })), {
  maxLength: 40,
})

/** The sessions whose windows can be seen after these effects, in order. */
function visibleAfter(visible: ReadonlySet<string>, effects: readonly Effect[]): Set<string> {
  const now = new Set(visible)
  for (const effect of effects) {
    if (effect.kind === 'launch' || effect.kind === 'reveal') now.add(effect.sessionId)
    if (effect.kind === 'cover' || effect.kind === 'end-launch') now.delete(effect.sessionId)
  }
  return now
}

describe('whatever happens', () => {
  it('nothing is visible but the session whose screen it is, and nothing at all when locked', () => {
    fc.assert(
      fc.property(history, (events) => {
        const bench = new Bench()
        let visible = new Set<string>()
        for (const [one, afterMs] of events) {
          const mark = bench.effects.length
          bench.does(one, afterMs)
          // A browser that died shows nothing.
          if (one.kind === 'browser-changed' && one.browser === 'died') visible = new Set()
          visible = visibleAfter(visible, bench.since(mark))
          const seated = seatedOf(bench.state.phase)
          const mayBeSeen = seated && bench.state.phase.kind !== 'leaving' ? [seated.sessionId] : []
          expect([...visible].filter((each) => !mayBeSeen.some((id_) => id_ === each))).toEqual([])
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('it opens only by `admitted` for the tap that is asked about', () => {
    fc.assert(
      fc.property(history, (events) => {
        const bench = new Bench()
        for (const [one, afterMs] of events) {
          const before = bench.state.phase
          bench.does(one, afterMs)
          const after = seatedOf(bench.state.phase)
          if (!after || seatedOf(before)?.sessionId === after.sessionId) continue
          const isAnswer =
            one.kind === 'broker-said' &&
            one.frame.kind === 'admitted' &&
            'tapId' in before &&
            before.tapId === one.frame.tapId
          expect(isAnswer).toBe(true)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('ticks alone lead to locked', () => {
    fc.assert(
      fc.property(history, (events) => {
        const bench = new Bench()
        for (const [one, afterMs] of events) bench.does(one, afterMs)
        const { idleMs, fadeMs } = bench.state.rules
        for (let n = 0; n < 6; n++) bench.does({ kind: 'tick' }, Math.max(idleMs + fadeMs, 60_000))
        expect(bench.kind).toBe('locked')
      }),
      { numRuns: 1000 },
    )
  })

  it('every session that was opened here and left is told to the broker or was told by it', () => {
    fc.assert(
      fc.property(history, (events) => {
        const bench = new Bench()
        for (const [one, afterMs] of events) {
          const before = seatedOf(bench.state.phase)
          const mark = bench.effects.length
          bench.does(one, afterMs)
          const after = seatedOf(bench.state.phase)
          if (!before || after?.sessionId === before.sessionId) continue
          const isTold = bench
            .since(mark)
            .some((e) => e.kind === 'send-leave' && e.sessionId === before.sessionId)
          const isByBroker = one.kind === 'broker-said' && one.frame.kind === 'lock'
          expect(isTold || isByBroker).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
