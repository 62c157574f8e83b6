// How a screen is left: by its own badge, by nobody being there, by a card that is taken away, by a
// reader that is lost, and for somebody else. What brings it back, and what never does.

import { describe, expect, it } from 'vitest'
import { Bench, anId, ben, kinds, rosa, session, tap } from '../proofs/bench.ts'
import {
  presenceEveryMs,
  readerLostMs,
  noticeMs,
  settleMs,
  regretMs,
  sensorSilentMs,
  undoMs,
} from '../limits.ts'
import { view } from '../view.ts'

const unplugged = { kind: 'reader-changed', reader: 'unplugged' } as const
const near = { kind: 'body-sensed', isNear: true, confidence: 0.9 } as const
const away = { kind: 'body-sensed', isNear: false, confidence: 0.9 } as const

describe('a sign-out by the own badge', () => {
  const leaving = () => new Bench().opens(rosa, 1).taps(rosa, 2)

  it('is taken back by the own badge within three seconds', () => {
    const bench = leaving().does({ kind: 'tick' }, undoMs - 1)
    const mark = bench.effects.length
    bench.taps(rosa, 3)
    expect(bench.kind).toBe('open')
    expect(kinds(bench.since(mark))).toEqual(['reveal', 'send-presence'])
  })
  it('tells the broker of no leave where it was taken back', () => {
    const bench = leaving().taps(rosa, 3).does({ kind: 'tick' }, undoMs)
    expect(kinds(bench.effects)).not.toContain('send-leave')
  })
  it('is not undone at the end of the three seconds: the badge opens anew', () => {
    const bench = leaving().does({ kind: 'tick' }, undoMs).taps(rosa, 3)
    expect(bench.kind).toBe('asking')
  })
  it.each([
    ['a key or the pointer', { kind: 'input-seen', agoMs: 0 }],
    [
      'a touch on the lock screen',
      { kind: 'screen-said', input: { kind: 'stayed' }, tapId: tap(9) },
    ],
    ['somebody before the screen', near],
  ] as const)('refuses/to be taken back by %s', (_name, happening) => {
    const bench = leaving().does(happening, 100)
    expect(bench.kind).toBe('leaving')
    expect(kinds(bench.effects)).not.toContain('reveal')
  })
  it('refuses/to be taken back by another badge, which gets a screen of its own', () => {
    const bench = leaving()
    const mark = bench.effects.length
    bench.taps(ben, 3)
    expect(bench.kind).toBe('asking')
    expect(bench.since(mark)).toContainEqual({
      kind: 'send-leave',
      sessionId: session(1),
      reason: 'tap-out',
    })
  })
  it('is taken back by her badge though it comes too soon for another tap, and by no other', () => {
    const out = () => new Bench().opens(rosa, 1).does({ kind: 'tick' }, settleMs).taps(rosa, 2)
    expect(out().does({ kind: 'card-again', card: ben }, 800).kind).toBe('leaving')
    const back = out().does({ kind: 'card-again', card: rosa }, 800)
    expect(back.kind).toBe('open')
    // A third time, because she was in haste: it stays.
    expect(back.does({ kind: 'tick' }, 900).taps(rosa, 3).kind).toBe('open')
  })
  it('refuses/a badge that comes again too soon anything else', () => {
    const again = { kind: 'card-again', card: rosa } as const
    expect(new Bench().does(again).kind).toBe('locked')
    expect(new Bench().opens(rosa, 1).does(again, 60_000).kind).toBe('open')
    const fading = new Bench().opens(rosa, 1)
    fading.does({ kind: 'tick' }, fading.state.rules.idleMs)
    expect(fading.does(again).kind).toBe('leaving')
  })
  it('needs a screen in use: on one let be for a while the badge stays signed in', () => {
    const bench = new Bench().ruled({ idleMs: 300_000 }).opens(rosa, 1)
    bench.does({ kind: 'tick' }, 61_000)
    expect(bench.kind).toBe('open')
    const mark = bench.effects.length
    bench.taps(rosa, 2)
    expect(bench.kind).toBe('open')
    expect(kinds(bench.since(mark))).toEqual(['send-presence', 'banner'])
    bench.does({ kind: 'tick' }, 2000).taps(rosa, 3)
    expect(bench.kind).toBe('leaving')
  })
  it('that resumes in its place is worth a full wait, as any sign of life (0052)', () => {
    const bench = new Bench().ruled({ idleMs: 300_000 }).opens(rosa, 1)
    bench.does({ kind: 'tick' }, 200_000).taps(rosa, 2)
    expect(bench.does({ kind: 'tick' }, 299_999).kind).toBe('open')
    expect(bench.does({ kind: 'tick' }, 1).kind).toBe('leaving')
  })
})

describe('evidence that she is here', () => {
  const idleMs = (bench: Bench) => bench.state.rules.idleMs
  const present = { presentIdleMs: 600_000, awayIdleMs: 5000 }

  it('is her card in place: the screen waits longer, and the broker hears why', () => {
    const bench = new Bench().ruled(present)
    bench
      .taps(rosa, 1)
      .admits(1)
      .does({ kind: 'launch-shown', sessionId: session(1) })
    bench.does({ kind: 'tick' }, idleMs(bench))
    expect(bench.kind).toBe('open')
    expect(bench.effects.at(-1)).toMatchObject({
      kind: 'send-presence',
      evidence: 'card-in-place',
    })
    bench.does({ kind: 'card-gone' }).does({ kind: 'tick' })
    expect(bench.kind).toBe('leaving')
  })
  it('is not another card left on the reader', () => {
    const bench = new Bench().ruled(present).opens(rosa, 1)
    bench.does({ kind: 'card-seen', card: ben, tapId: tap(9), isShown: false })
    bench.does({ kind: 'tick' }, idleMs(bench))
    expect(bench.kind).toBe('leaving')
  })
  it('is somebody before the screen, for as long as the sensor says so', () => {
    const bench = new Bench().ruled(present).opens(rosa, 1)
    bench.does(near, idleMs(bench) - 1).does({ kind: 'tick' }, 1)
    expect(bench.kind).toBe('open')
    bench.does({ kind: 'tick' }, sensorSilentMs)
    expect(bench.kind).toBe('leaving')
  })
  it('shortens the wait where the sensor sees nobody, even with her card in place', () => {
    const bench = new Bench().ruled(present)
    bench
      .taps(rosa, 1)
      .admits(1)
      .does({ kind: 'launch-shown', sessionId: session(1) })
    bench.does(away, 1).does({ kind: 'tick' }, present.awayIdleMs)
    expect(bench.kind).toBe('leaving')
  })
  it('by a key or a tap after the sensor saw nobody is believed, and not the sensor', () => {
    const bench = new Bench().ruled(present).opens(rosa, 1).does(away)
    bench.does({ kind: 'input-seen', agoMs: 0 }, 1000).does({ kind: 'tick' }, 10_000)
    expect(bench.kind).toBe('open')
    const next = new Bench().ruled(present).does(away).opens(ben, 2).does({ kind: 'tick' }, 10_000)
    expect(next.kind).toBe('open')
  })
  it('from a sensor is told once a minute, and at once when it changes', () => {
    const bench = new Bench().ruled(present).opens(rosa, 1)
    const mark = bench.effects.length
    bench.does(near).does(near, 10).does(near, 10).does({ kind: 'input-seen', agoMs: 0 })
    bench.does(away, 10).does(away, 10)
    expect(kinds(bench.since(mark))).toEqual(['send-presence', 'send-presence'])
    bench.does({ kind: 'input-seen', agoMs: 0 }, 4000).does(near, 10)
    expect(kinds(bench.since(mark))).toHaveLength(3)
    bench.does(near, presenceEveryMs - 1)
    expect(kinds(bench.since(mark))).toHaveLength(3)
  })
  it.each([
    ['longer by a guess that somebody is there', { ...near, confidence: 0.49 }, 'leaving', 0],
    ['shorter by a guess that nobody is', { ...away, confidence: 0.49 }, 'open', -2000],
  ] as const)('refuses/to make the wait %s', (_name, guess, kind, ms) => {
    const bench = new Bench().ruled(present).opens(rosa, 1)
    bench.does(guess, 10).does({ kind: 'tick' }, idleMs(bench) - 10 + ms)
    expect(bench.kind).toBe(kind)
  })
  it('refuses/a guess in the place of a surer word, or to keep one up', () => {
    const seen = new Bench().ruled(present).opens(rosa, 1).does(near)
    seen.does({ ...away, confidence: 0 }, 10).does({ kind: 'tick' }, idleMs(seen))
    expect(seen.kind).toBe('open')
    seen.does({ ...near, confidence: 0.49 }, sensorSilentMs - idleMs(seen) - 20)
    seen.does({ kind: 'tick' }, 20)
    expect(seen.kind).toBe('leaving')
    const gone = new Bench().ruled(present).opens(rosa, 1).does(away, 10)
    gone.does({ ...near, confidence: 0.49 }, 10).does({ kind: 'tick' }, present.awayIdleMs)
    expect(gone.kind).toBe('leaving')
  })
  it('that is a guess is still told, once a minute', () => {
    const bench = new Bench().ruled({ ...present, idleMs: 600_000 }).opens(rosa, 1)
    const mark = bench.effects.length
    const guess = { ...near, confidence: 0.3 }
    bench
      .does(guess, presenceEveryMs)
      .does(guess, 10)
      .does({ ...away, confidence: 0.3 }, 10)
    expect(bench.since(mark)).toEqual([
      expect.objectContaining({ kind: 'send-presence', evidence: 'proximity', confidence: 0.3 }),
    ])
  })
  it('of a sensor that is just sure enough counts', () => {
    const bench = new Bench()
      .ruled(present)
      .opens(rosa, 1)
      .does({ ...away, confidence: 0.5 })
    bench.does({ kind: 'tick' }, present.awayIdleMs)
    expect(bench.kind).toBe('leaving')
  })
  it('is not hers any more once a door has seen her go, and only hers', () => {
    const gone = (of: number) =>
      ({
        kind: 'evidence',
        id: anId,
        sessionId: session(of),
        evidence: 'door',
        isNear: false,
        confidence: 0.6,
      }) as const
    const bench = new Bench().ruled(present).opens(rosa, 1).says(gone(2))
    bench.does({ kind: 'tick' }, present.awayIdleMs)
    expect(bench.kind).toBe('open')
    bench.says(gone(1)).does({ kind: 'tick' }, present.awayIdleMs)
    expect(bench.kind).toBe('leaving')
    expect(bench.effects).toContainEqual(expect.objectContaining({ evidence: 'door' }))
  })
  it('by a sensor counts no more once nobody can tell: pulled out, it keeps nothing open', () => {
    const bench = new Bench().ruled(present).opens(rosa, 1)
    bench.does(near, idleMs(bench) + 10_000).does({ kind: 'tick' })
    expect(bench.kind).toBe('open')
    bench.does({ kind: 'body-lost' }, 10).does({ kind: 'tick' }, 100)
    expect(bench.kind).toBe('leaving')
    const next = new Bench().does(near).does({ kind: 'body-lost' }).ruled(present).opens(ben, 2)
    next.does({ kind: 'tick' }, idleMs(next))
    expect(next.kind).toBe('leaving')
  })
  it('is not made of a sensor that was pulled out when it had just seen her go', () => {
    const bench = new Bench().ruled(present).opens(rosa, 1)
    bench.does(away, 10).does({ kind: 'body-lost' }, 10)
    bench.does({ kind: 'tick' }, present.awayIdleMs)
    expect(bench.kind).toBe('leaving')
  })
  it('by a sensor that sees her for ever ends with the zone’s longest wait', () => {
    const bench = new Bench().ruled(present).opens(rosa, 1)
    for (let ms = 0; ms < present.presentIdleMs; ms += 50_000) {
      expect(bench.kind).toBe('open')
      bench.does(near, 50_000).does({ kind: 'tick' })
    }
    expect(bench.kind).toBe('leaving')
  })
  it('from a sensor never opens or brings back anything', () => {
    const bench = new Bench().does(near)
    expect(bench.kind).toBe('locked')
    const fading = new Bench().opens(rosa, 1)
    fading.does({ kind: 'tick' }, idleMs(fading)).does(near, 10)
    expect(fading.kind).toBe('leaving')
  })
})

describe('hands on the chart, where the desktop cannot say when it was used', () => {
  const used = (of: number) => ({ kind: 'chart-used', sessionId: session(of) }) as const

  it('keep it open, and are told once a minute as what they are', () => {
    const bench = new Bench().opens(rosa, 1)
    const mark = bench.effects.length
    for (let ms = 0; ms < 180_000; ms += 30_000) bench.does(used(1), 30_000).does({ kind: 'tick' })
    expect(bench.kind).toBe('open')
    const told = { kind: 'send-presence', sessionId: session(1), evidence: 'ehr-activity' }
    expect(bench.since(mark)).toEqual([1, 2, 3].map(() => ({ ...told, confidence: 0.4 })))
  })
  it('are believed against a sensor that saw nobody before', () => {
    const bench = new Bench().ruled({ awayIdleMs: 5000 }).opens(rosa, 1).does(away)
    bench.does(used(1), 1000).does({ kind: 'tick' }, 10_000)
    expect(bench.kind).toBe('open')
  })
  it('refuses/to be hands on somebody else’s chart', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does(used(2), 30_000).does({ kind: 'tick' }, 30_000)
    expect(bench.kind).toBe('leaving')
  })
  it.each([
    ['a fading chart', () => new Bench().opens(rosa, 1).does({ kind: 'tick' }, 60_000)],
    ['one that was signed out of', () => new Bench().opens(rosa, 1).taps(rosa, 2)],
    ['one that is locked', () => new Bench().opens(rosa, 1).signsOut(rosa, 2)],
    ['one under a signature’s question', () => new Bench().opens(rosa, 1).asksSignature()],
  ])('refuses/to bring back %s', (_name, make) => {
    const bench = make()
    const before = bench.state
    bench.does(used(1), 10)
    expect(bench.state).toBe(before)
  })
})

describe('a zone where the card stays in the reader', () => {
  const stays = () => new Bench().ruled({ cardStays: true })

  it('locks when it is taken away, and says so', () => {
    const bench = stays().taps(rosa, 1).admits(1)
    bench.does({ kind: 'launch-shown', sessionId: session(1) }).does({ kind: 'card-gone' }, 50)
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'card-removed' } })
    expect(bench.effects).toContainEqual({
      kind: 'send-leave',
      sessionId: session(1),
      reason: 'card-removed',
    })
  })
  it('gives up the question of a card that was only touched', () => {
    const bench = stays().taps(rosa, 1).does({ kind: 'card-gone' }, 50)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'card-must-stay' })
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-cancel', tapId: tap(1) })
  })
  it('goes on when another card than hers is taken away', () => {
    const bench = stays().taps(rosa, 1).admits(1)
    bench.does({ kind: 'launch-shown', sessionId: session(1) })
    bench.does({ kind: 'card-gone', card: ben }, 50)
    expect(bench.kind).toBe('open')
  })
  it('asks for nobody any more whose card is gone before she has let go', () => {
    const bench = stays().ruled({ cardStays: true, takeOver: 'ask-first', takeOverMs: 10_000 })
    bench
      .taps(rosa, 1)
      .admits(1)
      .does({ kind: 'launch-shown', sessionId: session(1) })
    bench.taps(ben, 2)
    expect(bench.kind).toBe('handing-over')
    const mark = bench.effects.length
    bench.does({ kind: 'card-gone', card: ben }, 50)
    expect(bench.kind).toBe('open')
    bench.does({ kind: 'tick' }, 10_000)
    expect(bench.since(mark)).toEqual([{ kind: 'reveal', sessionId: session(1) }])
  })
  it('takes no such card for a sign that she is there', () => {
    const bench = stays().ruled({ cardStays: true, takeOver: 'ask-first', takeOverMs: 10_000 })
    bench
      .taps(rosa, 1)
      .admits(1)
      .does({ kind: 'launch-shown', sessionId: session(1) })
    const lastSignMs = bench.state.phase.kind === 'open' ? bench.state.phase.lastSignMs : 0
    bench.does({ kind: 'tick' }, 40_000).taps(ben, 2).does({ kind: 'card-gone', card: ben }, 5_000)
    expect(bench.state.phase).toMatchObject({ kind: 'open', lastSignMs })
  })
  it('elsewhere a card that goes changes nothing', () => {
    const bench = new Bench().taps(rosa, 1).does({ kind: 'card-gone' }, 50)
    expect(bench.kind).toBe('asking')
  })
})

describe('a screen that fades and locks', () => {
  const tick = { kind: 'tick' } as const
  const leave = (bench: Bench) => bench.effects.filter(({ kind }) => kind === 'send-leave')
  it('since nobody touched it says that, and no more', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does(tick, bench.state.rules.idleMs).does(tick, bench.state.rules.fadeMs)
    expect(leave(bench)).toMatchObject([{ reason: 'idle' }])
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'idle' } })
  })
  it('since a sensor saw nobody says that', () => {
    const bench = new Bench().opens(rosa, 1).does(away, 1000)
    bench.does(tick, bench.state.rules.awayIdleMs).does(tick, bench.state.rules.fadeMs)
    expect(leave(bench)).toMatchObject([{ reason: 'away' }])
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'away' } })
  })
  it('long after somebody contradicted the sensor says nothing of the sensor', () => {
    const bench = new Bench().opens(rosa, 1).does(away, 1000).does({ kind: 'input-seen', agoMs: 0 })
    bench.does(tick, bench.state.rules.idleMs).does(tick, bench.state.rules.fadeMs)
    expect(leave(bench)).toMatchObject([{ reason: 'idle' }])
  })
})

describe('a reader that is lost', () => {
  it('does not close the chart under her hands at once, but says so', () => {
    const bench = new Bench().opens(rosa, 1).does(unplugged)
    expect(bench.kind).toBe('open')
    expect(bench.state.surroundings.reader).toBe('unplugged')
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-health', reader: 'unplugged' })
  })
  it('locks when it does not come back, whatever other trouble it turns into', () => {
    const bench = new Bench().opens(rosa, 1).does(unplugged)
    bench.does({ kind: 'reader-changed', reader: 'none' }, readerLostMs - 1).does({ kind: 'tick' })
    expect(bench.kind).toBe('open')
    bench.does({ kind: 'tick' }, 1)
    expect(bench.kind).toBe('locked')
    expect(bench.effects).toContainEqual(expect.objectContaining({ reason: 'reader-lost' }))
    // Said even once the reader is back and nobody sees any more that it was gone.
    bench.does({ kind: 'reader-changed', reader: 'ready' })
    expect(bench.state.phase).toMatchObject({ notice: { kind: 'reader-lost' } })
  })
  it('that comes back in time changes nothing, and its wait begins anew the next time', () => {
    const bench = new Bench().opens(rosa, 1).does(unplugged)
    bench.does({ kind: 'reader-changed', reader: 'ready' }, readerLostMs - 1)
    bench
      .does({ kind: 'tick' }, 1)
      .does(unplugged)
      .does({ kind: 'tick' }, readerLostMs - 1)
    expect(bench.kind).toBe('open')
  })
  it('that was not there when she came in locks nobody', () => {
    const bench = new Bench().does(unplugged).does({ kind: 'tick' }, readerLostMs).opens(rosa, 1)
    bench.does({ kind: 'tick' }, readerLostMs)
    expect(bench.kind).toBe('open')
  })
  it('under one screen is not held against the next one', () => {
    const bench = new Bench().opens(rosa, 1).does(unplugged).signsOut(rosa, 2).opens(ben, 3, 2)
    bench.does({ kind: 'tick' }, readerLostMs)
    expect(bench.kind).toBe('open')
  })
})

describe('another badge in a zone that asks first', () => {
  const asksFirst = () =>
    new Bench().ruled({ takeOver: 'ask-first', takeOverMs: 10_000 }).opens(rosa, 1)

  it('covers the chart and asks who works there', () => {
    const bench = asksFirst()
    const mark = bench.effects.length
    bench.taps(ben, 2)
    expect(bench.kind).toBe('handing-over')
    expect(bench.since(mark)).toEqual([{ kind: 'cover', sessionId: session(1) }])
  })
  it('is refused by her key, or by her badge', () => {
    for (const keep of [
      (bench: Bench) => bench.presses({ kind: 'kept' }),
      (bench: Bench) => bench.taps(rosa, 3),
    ]) {
      const bench = keep(asksFirst().taps(ben, 2))
      expect(bench.kind).toBe('open')
      expect(kinds(bench.effects)).not.toContain('send-leave')
    }
  })
  it('is let in when she lets go', () => {
    const bench = asksFirst().taps(ben, 2).presses({ kind: 'let-go' })
    expect(bench.state.phase).toMatchObject({ kind: 'asking', tapId: tap(2) })
    expect(bench.effects).toContainEqual(expect.objectContaining({ reason: 'let-go' }))
  })
  it('is let in when nobody answers', () => {
    const bench = asksFirst().taps(ben, 2).does({ kind: 'tick' }, 10_000)
    expect(bench.state.phase).toMatchObject({ kind: 'asking', tapId: tap(2) })
  })
  it('is whoever tapped last: what was asked for one never opens for the next', () => {
    const carla = { technology: 'csn', canonical: '04ffeedd' } as const
    const bench = asksFirst().taps(ben, 2).taps(carla, 3)
    expect(bench.kind).toBe('handing-over')
    const mark = bench.effects.length
    bench.does({ kind: 'tick' }, 10_000)
    const asked = bench.since(mark).find(({ kind }) => kind === 'send-tap')
    expect(asked).toMatchObject({ card: carla, tapId: tap(3) })
  })
  it('of a third person does not make the wait begin anew', () => {
    const carla = { technology: 'csn', canonical: '04ffeedd' } as const
    const bench = asksFirst()
      .taps(ben, 2)
      .does({ kind: 'tick' }, 9_000)
      .taps(carla, 3)
      .does({ kind: 'tick' }, 1_000)
    expect(bench.kind).toBe('asking')
  })
  it('is let in at once where nobody works at the screen', () => {
    const bench = asksFirst().ruled({ idleMs: 600_000 }).does({ kind: 'tick' }, 61_000).taps(ben, 2)
    expect(bench.kind).toBe('asking')
  })
  it('refuses/keys and pointer of whoever stands there as an answer', () => {
    const bench = asksFirst().taps(ben, 2).does({ kind: 'input-seen', agoMs: 0 }, 100)
    expect(bench.kind).toBe('handing-over')
  })
})

describe('sessions that wait behind the lock screen', () => {
  it('are as many as the zone says; the oldest ends, and its EHR is told', () => {
    const bench = new Bench().ruled({ suspendedMax: 1 })
    bench.opens(rosa, 1).signsOut(rosa, 2).opens(ben, 3, 2)
    const mark = bench.effects.length
    bench.signsOut(ben, 4)
    expect(bench.state.covered.map(({ sessionId }) => sessionId)).toEqual([session(2)])
    expect(bench.since(mark)).toContainEqual({
      kind: 'send-end',
      sessionId: session(1),
      reason: 'too-many-suspended',
    })
  })
  it('are none where the zone wants none: then the session ends with its screen', () => {
    const bench = new Bench().ruled({ suspendedMax: 0 }).opens(rosa, 1).signsOut(rosa, 2)
    expect(bench.state.covered).toEqual([])
    expect(kinds(bench.effects).slice(-2)).toEqual(['end-launch', 'send-end'])
  })
})

describe('what is said of a lock', () => {
  const tick = { kind: 'tick' } as const
  const notice = (bench: Bench) => {
    const { scene } = view(bench.state, bench.nowMs)
    return scene.kind === 'locked' ? scene.notice : undefined
  }
  const moved = () =>
    new Bench().opens(rosa, 1).says({
      ...{ kind: 'lock', id: anId, sessionId: session(1), code: 'session-moved' },
      movedTo: '5 East',
    })

  it('goes after a while where it may be true no longer: she has left there meanwhile', () => {
    const bench = moved().does(tick, noticeMs - 1)
    expect(notice(bench)).toEqual({ kind: 'moved', to: '5 East' })
    expect(notice(bench.does(tick, 1))).toBeUndefined()
    expect(bench.state.phase).toEqual({ kind: 'locked' })
  })
  it('stays where it is why it locked, and so does what may be said of it', () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does(tick, bench.state.rules.idleMs).does(tick, bench.state.rules.fadeMs)
    expect(notice(bench.does(tick, noticeMs))).toEqual({ kind: 'idle' })
    const wronged = new Bench().opens(rosa, 1).does({ kind: 'lock-now', reason: 'sleep' })
    expect(notice(wronged.does(tick, 10 * noticeMs))).toEqual({ kind: 'slept' })
  })
  it('is that it was noted for a while only', () => {
    const bench = new Bench().opens(rosa, 1).does({ kind: 'lock-now', reason: 'sleep' })
    bench.presses({ kind: 'lock-was-wrong' })
    expect(notice(bench)).toEqual({ kind: 'wrong-noted' })
    expect(notice(bench.does(tick, noticeMs))).toBeUndefined()
  })
})

describe('“this lock was wrong”', () => {
  const wronged = () => {
    const bench = new Bench().opens(rosa, 1)
    bench.does({ kind: 'tick' }, bench.state.rules.idleMs)
    return bench.does({ kind: 'tick' }, bench.state.rules.fadeMs)
  }

  it('is said once, and told with the reason', () => {
    const bench = wronged().presses({ kind: 'lock-was-wrong' }).presses({ kind: 'lock-was-wrong' })
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'wrong-noted' } })
    expect(bench.state.phase).not.toHaveProperty('regret')
    const told = bench.effects.filter(({ kind }) => kind === 'send-lock-was-wrong')
    expect(told).toEqual([{ kind: 'send-lock-was-wrong', sessionId: session(1), reason: 'idle' }])
  })
  it.each(['sleep', 'resume', 'clock-ahead', 'clock-jump', 'stalled'] as const)(
    'is offered after a %s',
    (reason) => {
      const bench = new Bench().opens(rosa, 1).does({ kind: 'lock-now', reason })
      const notice = { kind: 'slept' }
      expect(view(bench.state, bench.nowMs).scene).toMatchObject({ notice, maySayWrong: true })
      // Told once more by the system or by the clocks, or locked by the desktop on waking.
      for (const again of ['resume', 'clock-ahead', 'clock-jump', 'desktop-locked'] as const) {
        bench.does({ kind: 'lock-now', reason: again }, 1)
        expect(view(bench.state, bench.nowMs).scene).toMatchObject({ notice, maySayWrong: true })
      }
      bench.presses({ kind: 'lock-was-wrong' })
      expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-lock-was-wrong', reason })
    },
  )
  it('refuses/to be said of a sleep that closed nobody’s screen', () => {
    const bench = new Bench().does({ kind: 'lock-now', reason: 'sleep' })
    const { scene } = view(bench.state, bench.nowMs)
    expect(scene).toMatchObject({ kind: 'locked', maySayWrong: false })
    expect(scene).not.toHaveProperty('notice')
  })
  it.each(['lock-key', 'desktop-locked'] as const)('refuses/to be said of a %s', (reason) => {
    const bench = new Bench().opens(rosa, 1).does({ kind: 'lock-now', reason })
    expect(view(bench.state, bench.nowMs).scene).toMatchObject({ maySayWrong: false })
  })
  it('refuses/to be said of a lock that she asked for', () => {
    const bench = new Bench().opens(rosa, 1).signsOut(rosa, 2).presses({ kind: 'lock-was-wrong' })
    expect(kinds(bench.effects)).not.toContain('send-lock-was-wrong')
  })
  it('refuses/to be said when nobody remembers which lock it was', () => {
    const bench = wronged().does({ kind: 'tick' }, regretMs).presses({ kind: 'lock-was-wrong' })
    expect(kinds(bench.effects)).not.toContain('send-lock-was-wrong')
  })
})

it('a screen whose time ran out under a question that only asked does not come back', () => {
  const bench = new Bench().ruled({ takeOver: 'ask-first', takeOverMs: 10_000 }).opens(rosa, 1)
  bench.says({ kind: 'lock', id: anId, sessionId: session(1), code: 'session-ended' })
  bench.taps(ben, 2).presses({ kind: 'kept' })
  expect(bench.kind).toBe('asking')
})
