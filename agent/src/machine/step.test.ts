// The machine by cases that a ward would tell. The properties that hold over any history at all are
// in proofs/, and a picture of every phase with every event.

import { describe, expect, it } from 'vitest'
import { Bench, admitted, anId, ben, ceremony, kinds, rosa, session, tap } from './proofs/bench.ts'
import {
  askMs,
  coveredKeepMs,
  coveredMax,
  openMs,
  presenceEveryMs,
  signMs,
  undoMs,
} from './limits.ts'
import type { Card } from './state.ts'

describe('a tap', () => {
  it('asks, opens, and shows the chart only when it is there', () => {
    const bench = new Bench().taps(rosa, 1)
    expect(bench.kind).toBe('asking')
    bench.admits(1)
    expect(bench.kind).toBe('opening')
    bench.does({ kind: 'launch-shown', sessionId: session(1) })
    expect(bench.kind).toBe('open')
    expect(kinds(bench.effects)).toEqual(['send-tap', 'launch', 'send-launched', 'banner'])
  })
  it('by the same card on its own active screen leaves, the cover first', () => {
    const bench = new Bench().opens(rosa, 1)
    const mark = bench.effects.length
    bench.taps(rosa, 2)
    expect(bench.state.phase).toMatchObject({ kind: 'leaving', because: 'tap-out' })
    expect(bench.since(mark)).toEqual([{ kind: 'cover', sessionId: session(1) }])
    bench.does({ kind: 'tick' }, undoMs)
    expect(bench.kind).toBe('locked')
    expect(bench.since(mark)).toEqual([
      { kind: 'cover', sessionId: session(1) },
      { kind: 'cover', sessionId: session(1) },
      { kind: 'send-leave', sessionId: session(1), reason: 'tap-out' },
    ])
  })
  it('by the same card in the moment the chart comes was meant to bring it', () => {
    const bench = new Bench().taps(rosa, 1).admits(1)
    bench.does({ kind: 'launch-shown', sessionId: session(1) }).taps(rosa, 2)
    expect(bench.kind).toBe('open')
  })
  it('by another card locks first and then asks for the other', () => {
    const bench = new Bench().opens(rosa, 1)
    const mark = bench.effects.length
    bench.taps(ben, 2)
    expect(bench.kind).toBe('asking')
    expect(kinds(bench.since(mark))).toEqual(['cover', 'send-leave', 'send-tap'])
    expect(bench.since(mark)[1]).toMatchObject({ reason: 'other-badge' })
  })
  it('by another card locks also in the moment the chart comes', () => {
    const bench = new Bench().taps(rosa, 1).admits(1)
    bench.does({ kind: 'launch-shown', sessionId: session(1) }).taps(ben, 2)
    expect(bench.kind).toBe('asking')
  })
  it('by another card while the chart is coming locks first as well', () => {
    const bench = new Bench().taps(rosa, 1).admits(1)
    const mark = bench.effects.length
    bench.taps(ben, 2)
    expect(bench.kind).toBe('asking')
    expect(kinds(bench.since(mark))).toEqual(['cover', 'send-leave', 'end-launch', 'send-tap'])
  })
  it('by another card on a fading screen never brings the chart back', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'tick' }, bench.state.rules.idleMs).taps(ben, 2)
    expect(bench.kind).toBe('asking')
    expect(kinds(bench.effects)).not.toContain('reveal')
  })
  it('by the own card on a fading screen stays, and the broker hears that it was she', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'tick' }, bench.state.rules.idleMs)
    expect(bench.kind).toBe('leaving')
    const mark = bench.effects.length
    bench.taps(rosa, 2)
    expect(bench.kind).toBe('open')
    expect(kinds(bench.since(mark))).toEqual(['reveal', 'send-presence'])
  })
  it('again by a swinging lanyard while it is asked about means nothing', () => {
    const bench = new Bench().taps(rosa, 1)
    const mark = bench.effects.length
    bench.taps(rosa, 2)
    expect(bench.since(mark)).toEqual([])
  })
  it('by another card while one is asked about takes the question over', () => {
    const bench = new Bench().taps(rosa, 1).taps(ben, 2)
    expect(bench.state.phase).toMatchObject({ kind: 'asking', tapId: tap(2) })
    expect(bench.effects).toContainEqual({
      kind: 'send-cancel',
      tapId: tap(1),
      reason: 'superseded',
      isAlone: false,
    })
  })
  it('read in another format is the same card still', () => {
    const bench = new Bench().opens({ ...rosa, format: 'h10301' }, 1)
    bench.signsOut(rosa, 2)
    expect(bench.kind).toBe('locked')
  })
})

describe('coming back', () => {
  it('to a covered session reveals it as it was, without a new launch', () => {
    const bench = new Bench().opens(rosa, 1).signsOut(rosa, 2)
    const mark = bench.effects.length
    bench
      .taps(rosa, 3)
      .admits(3, 1)
      .does({ kind: 'launch-shown', sessionId: session(1) })
    expect(bench.kind).toBe('open')
    expect(kinds(bench.since(mark))).toEqual(['send-tap', 'reveal', 'send-launched', 'banner'])
  })
  it('launches anew where the covered windows are gone', () => {
    const bench = new Bench().opens(rosa, 1).signsOut(rosa, 2).taps(rosa, 3).admits(3, 1)
    const mark = bench.effects.length
    bench.does({ kind: 'launch-failed', sessionId: session(1) })
    expect(bench.kind).toBe('opening')
    expect(kinds(bench.since(mark))).toEqual(['end-launch', 'launch'])
  })
  it('does not keep more windows than it may, and closes the oldest', () => {
    const bench = new Bench()
    for (let n = 1; n <= coveredMax + 1; n++) {
      const card: Card = { technology: 'csn', canonical: `0400000${String(n)}` }
      bench.opens(card, n * 10, n).signsOut(card, n * 10 + 1)
    }
    expect(bench.state.covered).toHaveLength(coveredMax)
    expect(bench.effects).toContainEqual({ kind: 'end-launch', sessionId: session(1) })
  })
  it('does not keep windows for ever', () => {
    const bench = new Bench().opens(rosa, 1).signsOut(rosa, 2).does({ kind: 'tick' }, coveredKeepMs)
    expect(bench.state.covered).toEqual([])
    expect(bench.effects.slice(-2)).toEqual([
      { kind: 'end-launch', sessionId: session(1) },
      { kind: 'send-end', sessionId: session(1), reason: 'suspended-too-long' },
    ])
  })
  it('is over for windows whose session the broker ended meanwhile', () => {
    const bench = new Bench().opens(rosa, 1).signsOut(rosa, 2)
    bench.says({ kind: 'lock', id: anId, sessionId: session(1), code: 'session-moved' })
    expect(bench.state.covered).toEqual([])
    expect(bench.effects.at(-1)).toEqual({ kind: 'end-launch', sessionId: session(1) })
  })
})

describe('somebody at the keys', () => {
  it('keeps the screen open, and is told to the broker once a minute', () => {
    const bench = new Bench().opens(rosa, 1)
    const mark = bench.effects.length
    for (let n = 0; n < 4; n++) bench.does({ kind: 'input-seen', agoMs: 0 }, presenceEveryMs / 3)
    bench.does({ kind: 'tick' })
    expect(bench.kind).toBe('open')
    expect(kinds(bench.since(mark))).toEqual(['send-presence'])
  })
  it('brings a fading chart back, by keys pressed after it began to fade and not before', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'tick' }, bench.state.rules.idleMs)
    bench.does({ kind: 'input-seen', agoMs: 4000 }, 1000)
    expect(bench.kind).toBe('leaving')
    bench.does({ kind: 'input-seen', agoMs: 100 }, 1000)
    expect(bench.kind).toBe('open')
  })
})

describe('a signature', () => {
  const asked = () => new Bench().opens(rosa, 1).asksSignature()
  const pinAsked = (bench: Bench) =>
    bench.says({
      kind: 'ask-signature-pin',
      id: anId,
      ceremonyId: ceremony(1),
      again: false,
      answerWithinMs: 9,
    })
  const ended = { kind: 'signature-ended', id: anId, ceremonyId: ceremony(1) } as const
  const pin = {
    kind: 'signature-pin-entered',
    ceremonyId: ceremony(1),
    pin: '12345679',
  } as const

  it('takes badge and PIN and gives the chart back', () => {
    const bench = pinAsked(asked().taps(rosa, 2)).presses(pin)
    bench.says({ ...ended, outcome: 'signed', isOver: true })
    expect(bench.kind).toBe('open')
    const last = ['cover', 'send-sign-tap', 'send-sign-pin', 'reveal']
    expect(kinds(bench.effects).slice(-4)).toEqual(last)
  })
  it('is not ended by a colleague’s badge', () => {
    const bench = asked().taps(ben, 2)
    bench.says({ ...ended, outcome: 'refused', isOver: false, code: 'step-up-wrong-person' })
    expect(bench.state.phase).toMatchObject({ signing: { step: 'badge', wrongBadge: true } })
  })
  it('takes no PIN before a badge', () => {
    const bench = pinAsked(asked())
    expect(bench.state.phase).toMatchObject({ signing: { step: 'badge' } })
    const mark = bench.effects.length
    bench.presses(pin)
    expect(bench.since(mark)).toEqual([])
  })
  it('refuses/one for a session that is not on this screen', () => {
    const bench = new Bench().opens(ben, 2).asksSignature(1)
    expect(bench.kind).toBe('open')
    expect(kinds(bench.effects).at(-1)).toBe('send-sign-cancel')
  })
  it('refuses/one on a screen that fades: nobody there asked for it', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'tick' }, bench.state.rules.idleMs).asksSignature()
    expect(bench.kind).toBe('leaving')
  })
  it('refuses/a second one over the first', () => {
    const bench = asked().asksSignature(1, 2)
    expect(bench.state.phase).toMatchObject({ ceremonyId: ceremony(1) })
    expect(bench.effects.at(-1)).toMatchObject({
      kind: 'send-sign-cancel',
      ceremonyId: ceremony(2),
    })
  })
  it('ends with the screen it was asked on', () => {
    const bench = asked()
    const mark = bench.effects.length
    bench.does({ kind: 'lock-now', reason: 'sleep' })
    expect(kinds(bench.since(mark))).toEqual(['cover', 'send-sign-cancel', 'send-leave'])
  })
  it('that nobody answers does not bring the chart back to an empty room', () => {
    const bench = asked().does({ kind: 'tick' }, signMs)
    expect(bench.kind).toBe('leaving')
    expect(kinds(bench.effects)).not.toContain('reveal')
  })
  it('begins again with the badge where the broker could not answer', () => {
    const bench = asked().taps(rosa, 2)
    bench.does({ kind: 'signature-unanswered', ceremonyId: ceremony(1) })
    expect(bench.state.phase).toMatchObject({ signing: { step: 'badge', wrongBadge: false } })
  })
})

describe('refuses', () => {
  it('a tap without a link at once, not after a wait', () => {
    const bench = new Bench()
      .does({ kind: 'link-changed', link: 'down', wallMs: 0, silentMs: 1000 })
      .taps(rosa, 1)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'no-answer' })
  })
  it('to ask for a card that lay there before anybody came', () => {
    const bench = new Bench()
    bench.does({ kind: 'card-seen', card: rosa, tapId: tap(1), isShown: false })
    expect(bench.kind).toBe('locked')
    expect(bench.effects).toEqual([])
  })
  it('to ask while there is no window to answer in', () => {
    const bench = new Bench().does({ kind: 'browser-changed', browser: 'died' })
    const mark = bench.effects.length
    bench.taps(rosa, 1)
    expect(bench.since(mark)).toEqual([])
  })
  it('an answer that comes after the question ran out, and hands the session back', () => {
    const bench = new Bench().taps(rosa, 1).does({ kind: 'tick' }, askMs)
    const mark = bench.effects.length
    bench.admits(1)
    expect(bench.kind).toBe('refused')
    expect(bench.since(mark)).toEqual([
      { kind: 'send-leave', sessionId: session(1), reason: 'answered-late' },
    ])
  })
  it('to hand back late what the answer under way may admit again', () => {
    const bench = new Bench().taps(rosa, 1).does({ kind: 'tick' }, askMs).taps(rosa, 2)
    const mark = bench.effects.length
    bench.admits(1)
    expect(bench.since(mark)).toEqual([])
    bench.admits(2, 1)
    expect(bench.kind).toBe('opening')
    expect(kinds(bench.since(mark))).toEqual(['launch'])
  })
  it('to keep what was admitted late once the answer under way was another', () => {
    const bench = new Bench().taps(rosa, 1).does({ kind: 'tick' }, askMs).taps(ben, 2)
    const mark = bench.effects.length
    bench.admits(1).admits(2)
    expect(kinds(bench.since(mark))).toEqual(['launch', 'send-leave'])
  })
  it('an answer to another tap', () => {
    expect(new Bench().taps(rosa, 2).admits(1).kind).toBe('asking')
  })
  it('a second answer to a tap that was answered', () => {
    const bench = new Bench().opens(rosa, 1)
    const mark = bench.effects.length
    bench.says(admitted(1))
    expect(bench.since(mark)).toEqual([])
    expect(bench.kind).toBe('open')
  })
  it('a PIN typed on an old picture', () => {
    const bench = new Bench().taps(rosa, 1)
    const mark = bench.effects.length
    const input = { kind: 'pin-entered', tapId: tap(1), pin: '12345679' } as const
    bench.presses(input)
    expect(bench.since(mark)).toEqual([])
    const asked = { kind: 'ask-pin', id: anId, again: false, answerWithinMs: 30_000 } as const
    bench.taps(ben, 2).says({ ...asked, tapId: tap(2) })
    bench.presses(input)
    expect(bench.kind).toBe('entering-pin')
  })
  it('to fade for ever', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'tick' }, bench.state.rules.idleMs)
    bench.does({ kind: 'tick' }, bench.state.rules.fadeMs)
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'idle' } })
  })
  it('to wait for an answer that the broker says will not come', () => {
    const bench = new Bench().taps(rosa, 1).does({ kind: 'tap-unanswered', tapId: tap(1) })
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'no-answer' })
  })
  it('a chart that never comes', () => {
    const bench = new Bench().taps(rosa, 1).admits(1).does({ kind: 'tick' }, openMs)
    expect(bench.kind).toBe('locked')
    expect(bench.state.covered).toEqual([])
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'end-launch' })
  })
  it('to believe in a chart that could not be brought back', () => {
    const bench = new Bench().opens(rosa, 1)
    const mark = bench.effects.length
    bench.does({ kind: 'launch-failed', sessionId: session(1) })
    expect(bench.kind).toBe('locked')
    expect(bench.state.covered).toEqual([])
    const all = ['cover', 'send-leave', 'end-launch', 'send-launched']
    expect(kinds(bench.since(mark))).toEqual(all)
  })
  it('to stay open when the broker has been away for too long', () => {
    const bench = new Bench().opens(rosa, 1).does({ kind: 'link-changed', link: 'down', wallMs: 0 })
    bench.does({ kind: 'link-changed', link: 'connecting', wallMs: 0 }, 5000)
    bench.does({ kind: 'tick' }, bench.state.rules.staleMs - 5000)
    expect(bench.kind).toBe('locked')
  })
  it('to count a silence only from when it was noticed', () => {
    const bench = new Bench().opens(rosa, 1)
    const silentMs = 30_000
    bench.does({ kind: 'link-changed', link: 'down', wallMs: 0, silentMs })
    const { staleMs } = bench.state.rules
    bench.does({ kind: 'tick' }, Math.max(0, staleMs - silentMs))
    expect(bench.kind).toBe('locked')
  })
  it('to stay open without an identity', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'link-changed', link: 'not-enrolled', wallMs: 0 })
    expect(bench.kind).toBe('locked')
  })
  it('to bring back what the browser lost', () => {
    const bench = new Bench().opens(rosa, 1).signsOut(rosa, 2).opens(ben, 3)
    bench.does({ kind: 'browser-changed', browser: 'died' })
    expect(bench.kind).toBe('locked')
    expect(bench.state.covered).toEqual([])
  })
  it('to stay open without the window that could cover it', () => {
    const bench = new Bench().opens(rosa, 1).does({ kind: 'window-changed', isThere: false })
    expect(bench.kind).toBe('locked')
  })
  it('to trust after a sleep what was proved before, told by the system or by the clocks', () => {
    for (const reason of ['resume', 'clock-ahead', 'clock-jump', 'stalled'] as const) {
      const bench = new Bench().opens(rosa, 1).does({ kind: 'lock-now', reason })
      expect(bench.kind).toBe('locked')
      expect(bench.effects).toContainEqual({ kind: 'send-resumed', reason })
    }
  })
})

it('a card that is no badge is answered on a locked screen, and does not cover a chart', () => {
  const phone = { kind: 'card-refused', code: 'card-not-a-badge' } as const
  expect(new Bench().does(phone).state.phase).toMatchObject({ kind: 'refused', code: phone.code })
  expect(new Bench().opens(rosa, 1).does(phone).kind).toBe('open')
})
