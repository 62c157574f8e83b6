// A workstation that decides by itself: when it does, what goes where, and what becomes of it when a
// broker is back.

import { describe, expect, it } from 'vitest'
import {
  Bench,
  admitted,
  anId,
  ben,
  choice,
  emergencyRules,
  kinds,
  rosa,
  session,
  tap,
} from '../proofs/bench.ts'
import { view } from '../view.ts'
import { askMs, blinkMs, confirmMs, settleMs } from '../limits.ts'

const down = { kind: 'link-changed', link: 'down', wallMs: 0 } as const
const up = { kind: 'link-changed', link: 'up', wallMs: 0 } as const
const offlineUntil = (untilMs: number, hasEmergency = false) =>
  ({ kind: 'offline-changed', offline: { untilMs, hasEmergency } }) as const
const alone = () => new Bench().does(offlineUntil(3_600_000)).does(down)
const openAlone = () => alone().opens(rosa, 1)

describe('without a broker', () => {
  it('a tap is put to what the workstation knows', () => {
    const bench = alone().taps(rosa, 1)
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-tap', isAlone: true })
  })
  it('a tap that was asked when the link broke is asked here', () => {
    const bench = new Bench().does(offlineUntil(3_600_000)).taps(rosa, 1).does(down)
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-tap', tapId: tap(1), isAlone: true })
  })
  it('a broker that answers what is asked here by now has answered it', () => {
    const bench = new Bench().does(offlineUntil(3_600_000)).taps(rosa, 1).does(down).does(up)
    bench.does({ kind: 'broker-said', frame: admitted(1), isOverLine: true })
    expect(bench.state.phase).toMatchObject({ kind: 'opening', seated: { isAlone: false } })
    bench.does({ kind: 'launch-shown', sessionId: session(1) }).does({ kind: 'tick' }, confirmMs)
    expect(bench.kind).toBe('open')
  })
  it('a PIN goes to a broker that has asked for it, though it was asked for here before', () => {
    const bench = new Bench().does(offlineUntil(3_600_000)).taps(rosa, 1).does(down)
    const asked = { kind: 'ask-pin', id: anId, tapId: tap(1), again: false } as const
    const frame = { ...asked, answerWithinMs: 30_000 }
    bench.says(frame).does(up).does({ kind: 'broker-said', frame, isOverLine: true })
    bench.presses({ kind: 'pin-entered', tapId: tap(1), pin: '27051846' })
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-pin', isAlone: false })
  })
  it('the answer of a broker to another question changes nothing of the one asked here', () => {
    const bench = alone().taps(rosa, 1).does(up)
    bench.does({ kind: 'broker-said', frame: admitted(2), isOverLine: true })
    expect(bench.state.phase).toMatchObject({ kind: 'asking', isAlone: true })
  })
  it('an open screen stays open past the staleness that would lock it', () => {
    const bench = new Bench().ruled({ staleMs: 1000 }).does(offlineUntil(3_600_000))
    bench.opens(rosa, 1).does(down).does({ kind: 'tick' }, 2000)
    expect(bench.kind).toBe('open')
  })
  it('the screen says under a banner that what it shows may be old', () => {
    expect(openAlone().effects.at(-1)).toMatchObject({ banner: { kind: 'alone' } })
  })
  it('the end of what it knows locks every screen and refuses every tap', () => {
    const bench = new Bench().ruled({ staleMs: 1000 }).does(offlineUntil(20_000)).does(down)
    bench.opens(rosa, 1).does({ kind: 'tick' }, 20_000)
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'link-lost' } })
    bench.taps(ben, 2)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'no-answer' })
  })
  it('what was opened by it locks at its end, however lately the line was missed', () => {
    const bench = new Bench().ruled({ staleMs: 60_000 }).does(offlineUntil(20_000)).does(down)
    bench.opens(rosa, 1).does({ kind: 'tick' }, 20_000)
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'link-lost' } })
  })
  it('what a broker had opened keeps its own limit', () => {
    const bench = new Bench().ruled({ staleMs: 60_000 }).does(offlineUntil(20_000))
    bench.opens(rosa, 1).does(down).does({ kind: 'tick' }, 20_000)
    expect(bench.kind).toBe('open')
  })
  it('nothing is asked of itself where nothing was given to it', () => {
    const bench = new Bench().does(offlineUntil(3_600_000)).does({ kind: 'offline-changed' })
    bench.does(down).does({ kind: 'tick' }, blinkMs).taps(rosa, 1)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'no-answer' })
  })
})

describe('a link that went only now', () => {
  const blinked = () => new Bench().does(down).does({ kind: 'tick' }, blinkMs - 1)

  it('is asked all the same, and whichever broker answers opens her chart', () => {
    const bench = blinked().taps(rosa, 1)
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-tap', isAlone: false })
    expect(bench.does(up).opens(rosa, 1).kind).toBe('open')
  })
  it('and is not waited for beyond what a question has', () => {
    const bench = blinked().taps(rosa, 1).does({ kind: 'tick' }, askMs)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'no-answer' })
  })
  it('is nothing to a workstation that may decide by itself', () => {
    expect(alone().taps(rosa, 1).effects.at(-1)).toMatchObject({ isAlone: true })
  })
  it('is not one of whose silence a while went by, nor one that ended for good', () => {
    for (const gone of [
      { ...down, silentMs: blinkMs },
      { ...down, link: 'not-enrolled' as const },
      { ...down, link: 'copied' as const },
    ]) {
      expect(new Bench().does(gone).taps(rosa, 1).kind).toBe('refused')
    }
  })
})

describe('emergency access without a broker', () => {
  const offers = (bench: Bench) => view(bench.state, bench.nowMs).surroundings.hasEmergency
  const ruled = () => new Bench().ruled({ emergency: emergencyRules })
  const offered = () => ruled().does(offlineUntil(3_600_000, true)).does(down)
  const asked = { kind: 'emergency-asked' } as const
  const given = (bench = offered()) =>
    bench
      .presses(asked)
      .taps(rosa, 3)
      .presses({ kind: 'reason-chosen', choice }, 5)
      .says({ ...admitted(5, 1), emergency: { reason: 'Cardiac arrest', lastsMs: 30_000 } })
      .does({ kind: 'launch-shown', sessionId: session(1) })

  it('is offered where somebody can be asked, and only there', () => {
    expect(offers(ruled())).toBe(true)
    expect(offers(ruled().does(down))).toBe(false)
    expect(offers(ruled().does(offlineUntil(3_600_000)).does(down))).toBe(false)
    expect(offers(offered())).toBe(true)
    expect(offers(offered().does({ kind: 'offline-changed' }))).toBe(false)
    expect(offers(offered().does({ kind: 'tick' }, 3_600_000))).toBe(false)
    expect(offers(new Bench().does(offlineUntil(3_600_000, true)).does(down))).toBe(false)
  })
  it('is asked of what the workstation knows', () => {
    const bench = offered().presses(asked).taps(rosa, 3)
    bench.presses({ kind: 'reason-chosen', choice }, 5)
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-break-glass', isAlone: true })
  })
  it('is refused before a reason is chosen where nobody could give it', () => {
    for (const bench of [ruled().does(down), ruled().does(offlineUntil(3_600_000)).does(down)]) {
      bench.presses(asked)
      expect(bench.state.phase).toMatchObject({ code: 'emergency-not-offered' })
    }
  })
  it('stays under its banner and ends with its time', () => {
    const bench = given()
    expect(bench.effects.at(-1)).toMatchObject({
      banner: { kind: 'emergency', reason: 'Cardiac arrest', leftMs: 30_000 },
    })
    bench.does({ kind: 'tick' }, 29_999)
    expect(bench.kind).toBe('open')
    bench.does({ kind: 'tick' }, 1)
    expect(bench.state.phase).toEqual({ kind: 'locked', notice: { kind: 'emergency-over' } })
    expect(bench.state.covered).toEqual([])
  })
  it.each(['clock-ahead', 'clock-jump', 'stalled', 'sleep', 'resume'] as const)(
    'is over with a %s',
    (reason) => {
      const bench = given().does({ kind: 'lock-now', reason })
      expect(bench.kind).toBe('locked')
      expect(bench.state.covered).toEqual([])
      expect(kinds(bench.effects)).toContain('end-launch')
    },
  )
  it('is over when she leaves: nobody comes back to it', () => {
    const bench = given().does({ kind: 'card-gone' }, settleMs).signsOut(rosa, 6)
    expect(bench.state.covered).toEqual([])
  })
  it('that a broker confirms goes on under the same banner, no longer than before', () => {
    const bench = given().does(up, 10_000)
    bench.does({ kind: 'alone-confirmed', sessionId: session(1), isKept: true })
    expect(bench.effects.at(-1)).toMatchObject({ banner: { kind: 'emergency', leftMs: 20_000 } })
    bench.does({ kind: 'tick' }, 20_000)
    expect(bench.state.phase).toEqual({ kind: 'locked', notice: { kind: 'emergency-over' } })
  })
  it('that a broker does not confirm locks', () => {
    const bench = given().does(up)
    bench.does({ kind: 'alone-confirmed', sessionId: session(1), isKept: false })
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'network-back' } })
  })
})

describe('when a broker is back', () => {
  it('a screen that it confirms stays, and is an ordinary one from then on', () => {
    const bench = openAlone().does(up)
    bench.does({ kind: 'alone-confirmed', sessionId: session(1), isKept: true })
    expect(bench.effects.at(-1)).toMatchObject({ banner: { kind: 'confirmed', isDowntime: true } })
    bench.does({ kind: 'tick' }, confirmMs)
    expect(bench.state.phase).toMatchObject({ kind: 'open', seated: { isAlone: false } })
  })
  it('a screen that it does not confirm locks, and says why', () => {
    const bench = openAlone().does(up)
    bench.does({ kind: 'alone-confirmed', sessionId: session(1), isKept: false })
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'network-back' } })
  })
  it('a screen of which it says nothing in time locks', () => {
    const bench = openAlone().does(up).does({ kind: 'tick' }, confirmMs)
    expect(bench.state.phase).toMatchObject({ notice: { kind: 'network-back' } })
  })
  it('that is gone again, the wait for its word is over', () => {
    const bench = openAlone().does(up).does(down, 100).does({ kind: 'tick' }, confirmMs)
    expect(bench.kind).toBe('open')
  })
  it('her badge on her screen opens it anew rather than signs out', () => {
    const bench = openAlone().does(up).taps(rosa, 2)
    expect(bench.state.phase).toMatchObject({ kind: 'asking', tapId: tap(2), isAlone: false })
  })
  it('the word on one session does not touch another', () => {
    const bench = openAlone().does(up)
    bench.does({ kind: 'alone-confirmed', sessionId: session(7), isKept: false })
    expect(bench.kind).toBe('open')
    bench.does({ kind: 'tick' }, confirmMs)
    expect(bench.state.phase).toMatchObject({ notice: { kind: 'network-back' } })
  })
  it('windows that wait of a session that does not stand are closed', () => {
    const bench = openAlone().signsOut(rosa, 2).does(up)
    bench.does({ kind: 'alone-confirmed', sessionId: session(1), isKept: false })
    expect(kinds(bench.effects).at(-1)).toBe('end-launch')
    expect(bench.state.covered).toEqual([])
  })
  it('an answer of its own to a question that was put here opens nothing twice', () => {
    const bench = alone().taps(rosa, 1).admits(1)
    const mark = bench.effects.length
    bench.says(admitted(1))
    expect(bench.since(mark)).toEqual([])
  })
})

describe('what stood in for the chart', () => {
  const confirmed = () =>
    openAlone()
      .does(up)
      .does({ kind: 'alone-confirmed', sessionId: session(1), isKept: true })

  it('makes room for it at her next tap, rather than signing her out', () => {
    const bench = confirmed().taps(rosa, 2)
    expect(bench.state.phase).toMatchObject({ kind: 'asking', tapId: tap(2), isAlone: false })
    const mark = bench.effects.length
    bench.admits(2, 1)
    expect(kinds(bench.since(mark))).toEqual(['end-launch', 'launch'])
    expect(bench.state.phase).toMatchObject({ kind: 'opening', seated: { isAlone: false } })
    bench.does({ kind: 'launch-shown', sessionId: session(1) }).does({ kind: 'tick' }, 5000)
    // From then on her screen is as any other: her own badge signs out.
    bench.taps(rosa, 3)
    expect(bench.state.phase).toMatchObject({ kind: 'leaving', because: 'tap-out' })
  })
  it('makes room for it also where it was locked meanwhile', () => {
    const bench = confirmed().does({ kind: 'lock-now', reason: 'clock-jump' }).taps(rosa, 2)
    const mark = bench.effects.length
    bench.admits(2, 1)
    expect(kinds(bench.since(mark))).toEqual(['end-launch', 'launch'])
    expect(bench.state.covered).toEqual([])
  })
  it('comes back as it was for as long as no broker is there', () => {
    const bench = openAlone().signsOut(rosa, 2).taps(rosa, 3)
    const mark = bench.effects.length
    bench.admits(3, 1)
    expect(kinds(bench.since(mark))).toEqual(['reveal'])
    expect(bench.state.phase).toMatchObject({ seated: { isDowntime: true } })
    bench.does({ kind: 'launch-shown', sessionId: session(1) }).does({ kind: 'tick' }, 5000)
    bench.taps(rosa, 4)
    expect(bench.state.phase).toMatchObject({ kind: 'leaving', because: 'tap-out' })
  })
  it('is not taken for a chart that only waited here', () => {
    const bench = new Bench().does(offlineUntil(3_600_000)).opens(rosa, 1).signsOut(rosa, 2)
    bench.does(down).taps(rosa, 3).admits(3, 1)
    bench.does({ kind: 'launch-shown', sessionId: session(1) }).does(up)
    bench.does({ kind: 'alone-confirmed', sessionId: session(1), isKept: true })
    expect(bench.effects.at(-1)).toEqual({
      kind: 'banner',
      sessionId: session(1),
      banner: { kind: 'confirmed', name: admitted(1).name },
    })
    bench.does({ kind: 'tick' }, 5000).taps(rosa, 4)
    expect(bench.state.phase).toMatchObject({ kind: 'leaving', because: 'tap-out' })
  })
  it('is what opens alone in place of a chart that is gone', () => {
    const bench = new Bench().does(offlineUntil(3_600_000)).opens(rosa, 1).signsOut(rosa, 2)
    bench.does(down).taps(rosa, 3).admits(3, 1)
    bench.does({ kind: 'launch-failed', sessionId: session(1) })
    expect(bench.state.phase).toMatchObject({ kind: 'opening', seated: { isDowntime: true } })
  })
})
