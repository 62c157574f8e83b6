// What holds over any history at all. Which faults it and its neighbours find is shown by planting
// them, one at a time: test/mutants.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SessionId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { confirmingBadge, errandKinds, errandStep } from '@wardkey/protocol/workstation/errands'
import {
  Bench,
  admitted,
  allErrands,
  anId,
  ben,
  ceremony,
  choice,
  emergencyRules,
  rosa,
  session,
  signInPage,
  tap,
  visibleAfter,
} from './bench.ts'
import type { Happening } from '../event.ts'
import { initialState } from '../initial.ts'
import { pageOf } from '../on/sign-in-page.ts'
import { seatedOf } from '../moves.ts'
import type { ScreenInput } from '../screen-view.ts'
import { view } from '../view.ts'

const one = <T>(value: T) => fc.constant(value)
const card = fc.constantFrom(rosa, ben)
const tapId = fc.integer({ min: 1, max: 4 }).map(tap)
const sessionId = fc.integer({ min: 1, max: 3 }).map(session)
const ceremonyId = fc.integer({ min: 1, max: 2 }).map(ceremony)
const id = one(anId)
const frameOf = <K extends BrokerFrame['kind']>(kind: K) => one(kind)

const frame: fc.Arbitrary<BrokerFrame> = fc.oneof(
  fc.record({
    kind: frameOf('admitted'),
    id,
    tapId,
    sessionId,
    name: one('N'),
    role: one('nurse'),
    steps: one([]),
    emergency: fc.constantFrom(undefined, { reason: 'Cardiac arrest', lastsMs: 20_000 }),
  }),
  fc.record({
    kind: frameOf('ask-witness'),
    id,
    tapId,
    again: fc.boolean(),
    answerWithinMs: one(30_000),
  }),
  fc.record({
    kind: frameOf('ask-pin'),
    id,
    tapId,
    again: fc.boolean(),
    answerWithinMs: one(20_000),
  }),
  fc
    .record({
      kind: frameOf('ask-errand'),
      id,
      tapId,
      errand: fc.constantFrom(...errandKinds),
      step: fc.constantFrom(...errandStep.options),
      isSecond: fc.boolean(),
      again: fc.boolean(),
      answerWithinMs: one(20_000),
      byBadge: fc.constantFrom(undefined, ...confirmingBadge.options),
      offersAccount: one(true as const),
      signIn: one(signInPage),
    })
    .map(({ byBadge, ...frame }) => ({ ...frame, ...(byBadge ? { byBadge } : {}) })),
  fc.record({
    kind: frameOf('errand-done'),
    id,
    tapId,
    errand: fc.constantFrom(...errandKinds),
  }),
  fc.record({
    kind: frameOf('refused'),
    id,
    tapId,
    code: fc.constantFrom('pin-locked' as const, 'badge-unknown' as const),
    quote: one('AAA-BBB'),
  }),
  fc.record({ kind: frameOf('lock'), id, sessionId, code: one('session-moved' as const) }),
  fc.record({
    kind: frameOf('ask-signature'),
    id,
    ceremonyId,
    sessionId,
    description: one('d'),
    application: one('a'),
    answerWithinMs: one(60_000),
  }),
  fc.record({
    kind: frameOf('ask-signature-pin'),
    id,
    ceremonyId,
    again: fc.boolean(),
    answerWithinMs: one(9),
  }),
  fc.record({
    kind: frameOf('signature-ended'),
    id,
    ceremonyId,
    outcome: one('signed' as const),
    isOver: fc.boolean(),
  }),
)
const input: fc.Arbitrary<ScreenInput> = fc.oneof(
  fc.record({ kind: one('pin-entered' as const), tapId, pin: one('12345679') }),
  fc.record({ kind: one('cancelled' as const), tapId }),
  fc.record({
    kind: one('errand-answered' as const),
    tapId,
    answer: fc.constantFrom(
      { by: 'staff-number' as const, staffNumber: 'S1234' },
      { by: 'yes' as const },
      { by: 'pin' as const, pin: '12345679' },
      { by: 'new-pin' as const, pin: '12345679' },
      { by: 'sign-in' as const },
      { by: 'sign-in-ended' as const },
    ),
  }),
  fc.record({
    kind: one('errand-chosen' as const),
    errand: fc.constantFrom(...errandKinds),
  }),
  fc.record({ kind: one('signature-pin-entered' as const), ceremonyId, pin: one('12345679') }),
  fc.record({ kind: one('signature-cancelled' as const), ceremonyId }),
  fc.constantFrom(
    { kind: 'dismissed' as const },
    { kind: 'stayed' as const },
    { kind: 'kept' as const },
    { kind: 'let-go' as const },
    { kind: 'lock-was-wrong' as const },
    { kind: 'errands-asked' as const },
    { kind: 'errand-cancelled' as const },
    { kind: 'emergency-asked' as const },
    { kind: 'emergency-cancelled' as const },
    { kind: 'staff-number-entered' as const, staffNumber: 'S1234' },
    { kind: 'reason-chosen' as const, choice },
    { kind: 'reason-chosen' as const, choice: { ...choice, reason: 'other' } },
    { kind: 'lock-asked' as const },
  ),
)
const ruled: fc.Arbitrary<BrokerFrame> = fc
  .record({
    cardStays: fc.boolean(),
    takeOver: fc.constantFrom('at-once' as const, 'ask-first' as const),
    suspendedMax: fc.integer({ min: 0, max: 2 }),
    hasEmergency: fc.boolean(),
    hasErrands: fc.boolean(),
  })
  .map(({ hasEmergency, hasErrands, ...change }) => ({
    kind: 'rules' as const,
    id: anId,
    place: 'Ward',
    rules: {
      ...initialState('').rules,
      ...change,
      ...(hasEmergency ? { emergency: emergencyRules } : {}),
      ...(hasErrands ? { errands: allErrands } : {}),
    },
  }))
const happeningOf = <K extends Happening['kind']>(kind: K) => one(kind)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: happeningOf('card-seen'),
      card,
      tapId,
      isShown: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: happeningOf('broker-said'), frame }) },
  { weight: 3, arbitrary: fc.record({ kind: happeningOf('launch-shown'), sessionId }) },
  { weight: 4, arbitrary: fc.record({ kind: happeningOf('screen-said'), input, tapId }) },
  fc.record({ kind: happeningOf('broker-said'), frame: ruled }),
  fc.record({ kind: happeningOf('card-again'), card }),
  fc.record({ kind: happeningOf('card-gone'), card }),
  one({ kind: 'card-gone' as const }),
  fc.record({ kind: happeningOf('body-sensed'), isNear: fc.boolean(), confidence: one(0.9) }),
  one({ kind: 'body-lost' as const }),
  fc.record({ kind: happeningOf('chart-used'), sessionId }),
  fc.record({
    kind: happeningOf('reader-changed'),
    reader: fc.constantFrom('ready' as const, 'unplugged' as const),
  }),
  fc.constantFrom<Happening>(
    { kind: 'offline-changed', offline: { untilMs: 40_000, hasEmergency: true } },
    { kind: 'offline-changed', offline: { untilMs: 40_000, hasEmergency: false } },
    { kind: 'offline-changed' },
  ),
  fc.record({ kind: happeningOf('alone-confirmed'), sessionId, isKept: fc.boolean() }),
  fc.record({ kind: happeningOf('launch-failed'), sessionId }),
  fc.record({ kind: happeningOf('launch-failed'), sessionId, isCut: one(true as const) }),
  fc.record({ kind: happeningOf('tap-unanswered'), tapId }),
  fc.record({ kind: happeningOf('signature-unanswered'), ceremonyId }),
  fc.record({
    kind: happeningOf('link-changed'),
    link: fc.constantFrom('up' as const, 'down' as const),
    wallMs: one(0),
  }),
  fc.record({
    kind: happeningOf('browser-changed'),
    browser: fc.constantFrom('ready' as const, 'died' as const),
  }),
  fc.record({
    kind: happeningOf('lock-now'),
    reason: fc.constantFrom('sleep' as const, 'resume' as const, 'overflow' as const),
  }),
  fc.record({ kind: happeningOf('card-refused'), code: one('card-not-read' as const) }),
  fc.record({ kind: happeningOf('window-changed'), isThere: fc.boolean() }),
  fc.record({ kind: happeningOf('input-seen'), agoMs: fc.integer({ min: 0, max: 5000 }) }),
  one({ kind: 'tick' as const }),
)
type History = readonly (readonly [Happening, number])[]
const anything = fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 30_000 })), {
  maxLength: 40,
})
/** Luck alone seldom opens a screen: half of the histories begin with one that is open. */
const opened: History = [
  [{ kind: 'card-seen', card: rosa, tapId: tap(1), isShown: true }, 0],
  [{ kind: 'broker-said', frame: admitted(1) }, 0],
  [{ kind: 'launch-shown', sessionId: session(1) }, 0],
]
const history: fc.Arbitrary<History> = fc.oneof(
  anything,
  anything.map((events) => [...opened, ...events]),
)

/** Plays histories against a fresh workstation; `look` sees it before and after each event. */
function always(
  look: (before: Bench['state'], bench: Bench, event: Happening, mark: number) => void,
  numRuns = 2000,
): void {
  fc.assert(
    fc.property(history, (events) => {
      const bench = new Bench()
      for (const [event, afterMs] of events) {
        const before = bench.state
        const mark = bench.effects.length
        bench.does(event, afterMs)
        look(before, bench, event, mark)
      }
    }),
    { numRuns },
  )
}

it('nothing is visible but the session whose screen it is, and nothing at all when locked', () => {
  fc.assert(
    fc.property(history, (events) => {
      const bench = new Bench()
      let visible = new Set<SessionId>()
      for (const [event, afterMs] of events) {
        const mark = bench.effects.length
        bench.does(event, afterMs)
        // A browser that died shows nothing.
        if (event.kind === 'browser-changed' && event.browser === 'died') visible = new Set()
        visible = visibleAfter(visible, bench.since(mark))
        const { phase } = bench.state
        const isHidden = ['leaving', 'signing', 'handing-over'].includes(phase.kind)
        const here = isHidden ? undefined : seatedOf(phase)?.sessionId
        expect([...visible].filter((each) => each !== here)).toEqual([])
      }
    }),
    { numRuns: 3000 },
  )
})

it('it opens only by `admitted` for the tap that is asked about', () => {
  always((before, bench, event) => {
    const after = seatedOf(bench.state.phase)
    if (!after || seatedOf(before.phase)?.sessionId === after.sessionId) return
    const isAnswer =
      event.kind === 'broker-said' &&
      event.frame.kind === 'admitted' &&
      'tapId' in before.phase &&
      before.phase.tapId === event.frame.tapId
    expect(isAnswer).toBe(true)
  }, 3000)
})

it('whose screen it is changes only through locked: never from one session to another', () => {
  always((before, bench) => {
    const was = seatedOf(before.phase)
    const is = seatedOf(bench.state.phase)
    if (!was || !is) return
    // A broker's word on what was decided alone changes only that it was, and its absence only
    // what the chart bears of it.
    const apart = { isAlone: false, told: undefined }
    expect({ ...is, ...apart }).toEqual({ ...was, ...apart })
    if (is.isAlone) expect(was.isAlone).toBe(true)
  })
})

it('a signature begins on an open screen and ends there, or in locked', () => {
  always((before, bench) => {
    const { kind } = bench.state.phase
    if (kind === 'signing') expect(['open', 'signing']).toContain(before.phase.kind)
    if (before.phase.kind === 'signing') {
      expect(['signing', 'open', 'leaving', 'locked']).toContain(kind)
    }
  })
})

it('whatever is left is covered before the broker or anything else is told', () => {
  always((before, bench, _event, mark) => {
    const was = seatedOf(before.phase)
    if (!was || seatedOf(bench.state.phase)) return
    const effects = bench.since(mark).filter(({ kind }) => kind !== 'send-health')
    expect(effects[0]).toEqual({ kind: 'cover', sessionId: was.sessionId })
  })
})

it('every session that was opened here and left is told to the broker or was told by it', () => {
  always((before, bench, event, mark) => {
    const was = seatedOf(before.phase)
    if (!was || seatedOf(bench.state.phase)) return
    const isTold = bench
      .since(mark)
      .some((effect) => effect.kind === 'send-leave' && effect.sessionId === was.sessionId)
    const isByBroker = event.kind === 'broker-said' && event.frame.kind === 'lock'
    expect(isTold || isByBroker).toBe(true)
  })
})

it('every session admitted here is opened, or given back, or held for one answer', () => {
  always((before, bench, event, mark) => {
    if (event.kind !== 'broker-said' || event.frame.kind !== 'admitted') return
    const { sessionId: here } = event.frame
    const isOpen = seatedOf(bench.state.phase)?.sessionId === here
    const isLeft = bench
      .since(mark)
      .some((effect) => effect.kind === 'send-leave' && effect.sessionId === here)
    const isHeld = bench.state.late.includes(here)
    expect(isOpen || isLeft || isHeld).toBe(true)
    if (isHeld) {
      expect(['asking', 'checking-pin', 'witnessing']).toContain(bench.state.phase.kind)
    }
  })
})

it('ticks alone lead to locked, with nothing held back', () => {
  fc.assert(
    fc.property(history, (events) => {
      const bench = new Bench()
      for (const [event, afterMs] of events) bench.does(event, afterMs)
      const { presentIdleMs, fadeMs } = bench.state.rules
      const longMs = Math.max(presentIdleMs + fadeMs, 100_000)
      for (let n = 0; n < 6; n++) bench.does({ kind: 'tick' }, longMs)
      expect(bench.kind).toBe('locked')
      expect(bench.state.late).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

it('what is decided alone is asked of nobody else, and the other way round', () => {
  always((before, bench, event, mark) => {
    for (const effect of bench.since(mark)) {
      if (!('isAlone' in effect) || effect.kind === 'send-cancel') continue
      const { link } = bench.state.surroundings
      const isAnswerToAlone = 'isAlone' in before.phase && before.phase.isAlone
      if (effect.isAlone) expect(link !== 'up' || isAnswerToAlone, event.kind).toBe(true)
    }
  })
})

it('emergency access never lasts longer than it was given for', () => {
  always((_before, bench, event) => {
    const emergency = seatedOf(bench.state.phase)?.emergency
    if (event.kind === 'tick' && emergency) expect(emergency.untilMs).toBeGreaterThan(bench.nowMs)
  })
})

it('nobody comes back to an emergency that this workstation gave by itself', () => {
  always((before, bench) => {
    const was = seatedOf(before.phase)
    if (was?.isAlone !== true || !was.emergency || seatedOf(bench.state.phase)) return
    expect(bench.state.covered.map((one) => one.sessionId)).not.toContain(was.sessionId)
  })
})

it('emergency access is offered only where somebody can be asked for it', () => {
  always((_before, bench) => {
    const { surroundings, offline } = bench.state
    if (!view(bench.state, bench.nowMs).surroundings.hasEmergency) return
    const isAlone = offline?.hasEmergency === true && bench.nowMs < offline.untilMs
    expect(surroundings.link === 'up' || isAlone).toBe(true)
  })
})

it('an errand opens nothing, and is begun only where it is offered, with a broker', () => {
  always((before, bench, _event, mark) => {
    const isErrand = before.phase.kind === 'errand' || before.phase.kind === 'choosing-errand'
    if (isErrand) expect(seatedOf(bench.state.phase)).toBeUndefined()
    const sent = bench.since(mark).filter((effect) => effect.kind === 'send-errand')
    // One that goes on is asked for once more where its answer did not come.
    const { phase } = before
    const isAgain = phase.kind === 'errand' && phase.isAsking && phase.wasLate !== true
    const begun = sent.filter(({ tapId }) => !isAgain || tapId !== phase.tapId)
    if (begun.length === 0) return
    expect(before.rules.errands).toBeDefined()
    expect(before.surroundings.link).toBe('up')
  })
})

it('a page is before the lock screen only while its errand waits for it, and goes first', () => {
  always((before, bench, _event, mark) => {
    const [was, is] = [pageOf(before.phase), pageOf(bench.state.phase)]
    const all = bench.since(mark)
    const moved = all.filter(({ kind }) => kind === 'open-page' || kind === 'close-page')
    const closed = { kind: 'close-page', tapId: was } as const
    if (was === is) expect(moved).toEqual([])
    if (was !== undefined && was !== is) expect(all[0]).toEqual(closed)
    if (is !== undefined && was !== is) {
      expect(moved.at(-1)).toMatchObject({ kind: 'open-page', tapId: is, page: signInPage })
    }
    if (is !== undefined) expect(seatedOf(bench.state.phase)).toBeUndefined()
  })
})

it('what is typed for an errand is sent for that errand only, at the step that asks for it', () => {
  always((before, bench, event, mark) => {
    for (const effect of bench.since(mark)) {
      if (effect.kind !== 'send-errand-answer') continue
      const { phase } = before
      expect(phase.kind === 'errand' && !phase.isAsking && phase.tapId === effect.tapId).toBe(true)
      if (phase.kind !== 'errand') return
      if (effect.answer.by === 'card') expect(event.kind).toBe('card-seen')
      // Whoever stands there can press; a name that somebody speaks for is said with her badge.
      if (phase.step === 'confirm' && phase.byBadge) expect(effect.answer.by).toBe('card')
      if (effect.answer.by === 'new-pin') expect(phase.step).toBe('new-pin')
      if (effect.answer.by === 'pin') expect(['pin', 'witness-pin']).toContain(phase.step)
    }
  })
})

it('a card number or a staff number is never in a picture', () => {
  always((_before, bench) => {
    expect(JSON.stringify(view(bench.state, bench.nowMs))).not.toContain('S1234')
  }, 300)
})

it('no card number is ever in a picture', () => {
  always((_before, bench) => {
    const picture = JSON.stringify(view(bench.state, bench.nowMs))
    expect(picture).not.toContain(rosa.canonical)
    expect(picture).not.toContain(ben.canonical)
  }, 300)
})

it('what a sensor or a chart tells opens nothing, and brings nothing back', () => {
  always((before, bench, event, mark) => {
    if (!['body-sensed', 'body-lost', 'chart-used'].includes(event.kind)) return
    const shown = bench.since(mark).filter(({ kind }) => kind === 'reveal' || kind === 'launch')
    expect(shown).toEqual([])
    if (bench.kind === 'open') expect(before.phase.kind).toBe('open')
  })
})

it('no sensor keeps a screen open, whatever it says and however often', () => {
  const word = fc.oneof(
    fc.record({ kind: happeningOf('body-sensed'), isNear: fc.boolean(), confidence: one(1) }),
    one({ kind: 'body-lost' as const }),
  )
  const words = fc.array(fc.tuple(word, fc.integer({ min: 0, max: 20_000 })), { maxLength: 80 })
  fc.assert(
    fc.property(words, fc.boolean(), (events, isPlaced) => {
      const bench = new Bench().ruled({ idleMs: 60_000, presentIdleMs: 300_000, awayIdleMs: 5000 })
      bench.taps(rosa, 1).admits(1)
      bench.does({ kind: 'launch-shown', sessionId: session(1) })
      if (!isPlaced) bench.does({ kind: 'card-gone', card: rosa })
      const openedMs = bench.nowMs
      const { presentIdleMs, fadeMs } = bench.state.rules
      const untilMs = openedMs + presentIdleMs
      for (const [event, afterMs] of events) {
        bench.does(event, afterMs).does({ kind: 'tick' })
        if (bench.nowMs >= untilMs) expect(bench.kind).not.toBe('open')
      }
      bench.does({ kind: 'body-sensed', isNear: true, confidence: 1 })
      bench.does({ kind: 'tick' }, Math.max(0, untilMs - bench.nowMs))
      bench.does({ kind: 'body-sensed', isNear: true, confidence: 1 })
      bench.does({ kind: 'tick' }, fadeMs)
      expect(bench.kind).toBe('locked')
    }),
    { numRuns: 1000 },
  )
})
