// Emergency access at the workstation: what is asked, in which order, and what never opens by it.

import { describe, expect, it } from 'vitest'
import {
  Bench,
  admitted,
  anId,
  askWitness,
  ben,
  choice,
  emergencyRules,
  kinds,
  rosa,
  session,
  tap,
} from '../proofs/bench.ts'
import { identifyMs, reasonMs, witnessMs } from '../limits.ts'

const asked = { kind: 'emergency-asked' } as const
const chosen = { kind: 'reason-chosen', choice } as const
const offered = () => new Bench().ruled({ emergency: emergencyRules })
const refusedHer = (bench: Bench) =>
  bench
    .taps(rosa, 1)
    .says({ kind: 'refused', id: anId, tapId: tap(1), code: 'role-not-in-zone', quote: 'AAA-BBB' })
const vouched = (bench: Bench, n = 5) => bench.says(askWitness(n))
const given = (bench: Bench, n = 5, lastsMs = 30_000) =>
  bench
    .says({ ...admitted(n, 1), emergency: { reason: 'Cardiac arrest', lastsMs } })
    .does({ kind: 'launch-shown', sessionId: session(1) })

describe('emergency access', () => {
  it('after a refusal needs only the reason: the badge was shown', () => {
    const bench = refusedHer(offered()).presses(asked).presses(chosen, 5)
    expect(bench.state.phase).toMatchObject({ kind: 'asking', tapId: tap(5) })
    expect(bench.effects.at(-1)).toEqual({
      kind: 'send-break-glass',
      tapId: tap(5),
      who: { by: 'card', card: rosa },
      choice,
      isAlone: false,
    })
  })
  it('from the lock screen asks what for, then who', () => {
    const bench = offered().presses(asked)
    expect(bench.kind).toBe('choosing-reason')
    bench.presses(chosen)
    expect(bench.kind).toBe('identifying')
    bench.taps(rosa, 5)
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-break-glass', tapId: tap(5) })
  })
  it('takes a staff number where the badge is forgotten', () => {
    const bench = offered().presses(asked).presses(chosen)
    bench.presses({ kind: 'staff-number-entered', staffNumber: 'S1234' }, 5)
    expect(bench.effects.at(-1)).toMatchObject({
      kind: 'send-break-glass',
      who: { by: 'staff-number', staffNumber: 'S1234' },
    })
  })
  it('takes the badge while the reason is chosen', () => {
    const bench = offered().presses(asked).taps(rosa, 4).presses(chosen, 5)
    expect(bench.effects.at(-1)).toMatchObject({ who: { by: 'card', card: rosa } })
  })
  it('in the place of a PIN that she cannot remember gives that question up', () => {
    const bench = offered().taps(rosa, 1)
    bench.says({ kind: 'ask-pin', id: anId, tapId: tap(1), again: false, answerWithinMs: 9000 })
    bench.presses(asked)
    expect(bench.kind).toBe('choosing-reason')
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-cancel', tapId: tap(1) })
  })
  it('is over when the broker says so, however long its answer was on its way', () => {
    // She comes back to it: what is left is told from when it was decided, not from when it comes.
    const bench = refusedHer(offered()).presses(asked).presses(chosen, 5)
    bench.does({ kind: 'tick' }, 2000)
    given(bench)
    bench.does({ kind: 'tick' }, 27_999)
    expect(bench.kind).toBe('open')
    bench.does({ kind: 'tick' }, 1)
    expect(bench.kind).toBe('locked')
  })
  it('is counted from the PIN or the colleague’s badge that it was decided by, not the tap', () => {
    const pinned = offered().taps(rosa, 1)
    pinned.says({ kind: 'ask-pin', id: anId, tapId: tap(1), again: false, answerWithinMs: 9000 })
    pinned.does({ kind: 'tick' }, 5000)
    pinned.presses({ kind: 'pin-entered', tapId: tap(1), pin: '48261739' })
    given(pinned, 1).does({ kind: 'tick' }, 29_999)
    expect(pinned.kind).toBe('open')
    const seen = vouched(refusedHer(offered()).presses(asked).presses(chosen, 5))
    seen.does({ kind: 'tick' }, 5000)
    given(seen.taps(ben, 6)).does({ kind: 'tick' }, 29_999)
    expect(seen.kind).toBe('open')
  })
  it('lasts as long as it was given for, under a banner that stays', () => {
    const bench = given(refusedHer(offered()).presses(asked).presses(chosen, 5))
    expect(bench.effects.at(-1)).toMatchObject({
      kind: 'banner',
      banner: { kind: 'emergency', reason: 'Cardiac arrest', leftMs: 30_000 },
    })
    bench.does({ kind: 'tick' }, 29_999)
    expect(bench.kind).toBe('open')
    bench.does({ kind: 'tick' }, 1)
    expect(bench.state.phase).toEqual({ kind: 'locked', notice: { kind: 'emergency-over' } })
    expect(bench.effects).toContainEqual(expect.objectContaining({ reason: 'emergency-over' }))
  })
  it('without a badge is nobody’s to sign out of by one: every badge is another', () => {
    const bench = offered().presses(asked).presses(chosen)
    bench.presses({ kind: 'staff-number-entered', staffNumber: 'S1234' }, 5)
    given(bench).taps(rosa, 6)
    expect(bench.state.phase).toMatchObject({ kind: 'asking', tapId: tap(6) })
  })
})

describe('a witness', () => {
  const waiting = () => vouched(refusedHer(offered()).presses(asked).presses(chosen, 5))

  it('taps, and the answer is the broker’s', () => {
    const bench = waiting().taps(ben, 6)
    expect(bench.effects.at(-1)).toEqual({
      kind: 'send-witness',
      tapId: tap(5),
      card: ben,
      isAlone: false,
    })
    given(bench)
    expect(bench.state.phase).toMatchObject({ kind: 'open', seated: { card: rosa } })
  })
  it('is not she herself: her own badge again is a swinging lanyard', () => {
    const bench = waiting()
    const mark = bench.effects.length
    bench.taps(rosa, 6)
    expect(bench.since(mark)).toEqual([])
  })
  it('is asked for again where the badge could not speak for her', () => {
    const bench = waiting().taps(ben, 6).says(askWitness(5, true))
    expect(bench.state.phase).toMatchObject({ kind: 'witnessing', again: true, isAsking: false })
  })
  it('that nobody finds leads back to locked, and the broker hears it', () => {
    const bench = waiting().does({ kind: 'tick' }, witnessMs)
    expect(bench.kind).toBe('locked')
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-cancel', tapId: tap(5) })
  })
  it('whose answer comes too late has opened nothing, and the session is given back', () => {
    const bench = waiting().taps(ben, 6).does({ kind: 'tick' }, witnessMs)
    bench.says(admitted(5, 1))
    expect(bench.kind).toBe('refused')
    expect(bench.effects.at(-1)).toMatchObject({ kind: 'send-leave', reason: 'answered-late' })
  })
})

describe('emergency access refuses', () => {
  it('where the zone offers none', () => {
    const bench = new Bench().presses(asked)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'emergency-not-offered' })
  })
  it.each([
    ['a reason that is not on the list', { ...choice, reason: 'boredom' }],
    ['a reason without the note that it asks for', { ...choice, reason: 'other' }],
  ])('%s', (_name, wrong) => {
    const bench = offered().presses(asked).presses({ kind: 'reason-chosen', choice: wrong })
    expect(bench.kind).toBe('choosing-reason')
  })
  it('a reason that nobody was asked for', () => {
    const bench = offered().presses(chosen)
    expect(bench.kind).toBe('locked')
  })
  it('to begin over somebody’s chart, or over a signature', () => {
    for (const bench of [offered().opens(rosa, 1), offered().opens(rosa, 1).asksSignature()]) {
      const mark = bench.effects.length
      bench.presses(asked)
      expect(bench.since(mark)).toEqual([])
    }
  })
  it('to wait for ever for a reason, or for a name', () => {
    expect(offered().presses(asked).does({ kind: 'tick' }, reasonMs).kind).toBe('locked')
    const bench = offered().presses(asked).presses(chosen)
    expect(bench.does({ kind: 'tick' }, identifyMs).kind).toBe('locked')
  })
  it('a witness for an ordinary tap', () => {
    const bench = vouched(offered().taps(rosa, 5))
    expect(bench.kind).toBe('asking')
  })
  it('to be asked for where it was cancelled', () => {
    const bench = offered().presses(asked).presses({ kind: 'emergency-cancelled' }).presses(chosen)
    expect(bench.kind).toBe('locked')
    expect(kinds(bench.effects)).not.toContain('send-break-glass')
  })
})
