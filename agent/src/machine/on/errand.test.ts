// Errands about badges and PINs at one workstation: what is asked where, and what never is.

import { beforeEach, describe, expect, it } from 'vitest'
import {
  Bench,
  admitted,
  allErrands,
  anId,
  askErrand,
  ben,
  emergencyRules,
  errandDone,
  kinds,
  rosa,
  signInPage,
  tap,
} from '../proofs/bench.ts'
import { view } from '../view.ts'

const carla = { technology: 'csn', canonical: '04c0c0c0' } as const
const unknown = (n: number) =>
  ({ kind: 'refused', id: anId, tapId: tap(n), code: 'badge-unknown', quote: 'AAA-BBB' }) as const
const chosen = { kind: 'errand-chosen', errand: 'enrol' } as const
const typed = (answer: { by: 'yes' } | { by: 'pin' | 'new-pin'; pin: string }) =>
  ({ kind: 'errand-answered', tapId: tap(1), answer }) as const

describe('an errand', () => {
  let bench: Bench
  beforeEach(() => {
    bench = new Bench().ruled({ errands: allErrands })
  })
  const begun = () => bench.taps(rosa, 3).says(unknown(3)).presses(chosen, 1)
  const sceneOf = () => view(bench.state, bench.nowMs).scene

  it('is offered for a badge that nobody knows, and begins with that badge', () => {
    bench.taps(rosa, 3).says(unknown(3))
    expect(sceneOf()).toMatchObject({ kind: 'refused', errands: ['enrol'] })
    const mark = bench.effects.length
    bench.presses(chosen, 1)
    expect(bench.since(mark)).toEqual([
      { kind: 'send-errand', tapId: tap(1), errand: 'enrol', card: rosa },
    ])
    expect(sceneOf()).toMatchObject({ kind: 'errand', isAsking: true })
  })
  it('refuses/to begin where it is not offered, or no broker can be asked', () => {
    bench
      .ruled({ errands: ['lost'] })
      .taps(rosa, 3)
      .says(unknown(3))
      .presses(chosen, 1)
    expect(sceneOf()).toMatchObject({ kind: 'refused', errands: [] })
    const cut = new Bench().ruled({ errands: allErrands })
    cut.does({ kind: 'link-changed', link: 'down', wallMs: 0 }).presses({ kind: 'errands-asked' })
    expect(cut.kind).toBe('locked')
    expect(view(cut.state, cut.nowMs).scene).toMatchObject({ hasErrands: false })
  })
  it('refuses/to begin over a chart, a question, or an emergency’s PIN', () => {
    bench.opens(rosa, 1).presses({ kind: 'errands-asked' }).presses(chosen)
    expect(bench.kind).toBe('open')
    const pin = { kind: 'ask-pin', id: anId, again: false, answerWithinMs: 30_000 } as const
    const other = new Bench().ruled({ errands: allErrands, emergency: emergencyRules })
    other.presses({ kind: 'emergency-asked' }).taps(rosa, 3)
    const choice = { reason: 'arrest', tookMs: 1, position: 0, of: 2 }
    other.presses({ kind: 'reason-chosen', choice }, 5).says({ ...pin, tapId: tap(5) })
    other.presses({ kind: 'errand-chosen', errand: 'new-pin' })
    expect(other.kind).toBe('entering-pin')
  })
  it('takes a colleague’s badge where one is asked for, and not the swinging own one', () => {
    begun().says(askErrand(1, 'witness-badge'))
    const mark = bench.effects.length
    bench.taps(rosa, 4)
    expect(bench.since(mark)).toEqual([])
    bench.taps(ben, 5)
    expect(bench.since(mark)).toEqual([
      {
        kind: 'send-errand-answer',
        tapId: tap(1),
        answer: { by: 'card', card: ben },
        card: rosa,
      },
    ])
  })
  it('gives way to somebody who wants to come in, and not to who was part of it', () => {
    begun().says(askErrand(1, 'witness-badge')).taps(ben, 4).says(askErrand(1, 'witness-pin'))
    bench.taps(ben, 5)
    expect(bench.kind).toBe('errand')
    const mark = bench.effects.length
    bench.taps(carla, 6)
    expect(kinds(bench.since(mark))).toEqual(['send-cancel', 'send-tap'])
  })
  it('takes the name from the colleague’s badge, shown again, and never from a press', () => {
    begun().says(askErrand(1, 'witness-badge')).taps(ben, 4)
    bench.says(askErrand(1, 'witness-pin')).presses(typed({ by: 'pin', pin: '1234' }))
    bench.says({ ...askErrand(1, 'confirm'), name: 'Anna', byBadge: 'witness' })
    expect(sceneOf()).toMatchObject({ step: 'confirm', byBadge: 'witness' })
    const mark = bench.effects.length
    bench.presses(typed({ by: 'yes' })).taps(rosa, 5)
    expect(bench.since(mark)).toEqual([])
    bench.taps(ben, 6).taps(ben, 7)
    const answer = { by: 'card', card: ben }
    expect(bench.since(mark)).toEqual([
      { kind: 'send-errand-answer', tapId: tap(1), answer, card: rosa },
    ])
  })
  it('takes the name from the badge that is to be hers, and never from a press', () => {
    begun().says({ ...askErrand(1, 'confirm'), name: 'Anna', byBadge: 'own' })
    const mark = bench.effects.length
    bench.presses(typed({ by: 'yes' }))
    expect(bench.since(mark)).toEqual([])
    bench.taps(rosa, 5).taps(rosa, 6)
    const answer = { by: 'card', card: rosa }
    expect(bench.since(mark)).toEqual([
      { kind: 'send-errand-answer', tapId: tap(1), answer, card: rosa },
    ])
  })
  it('gives way at her name to whoever taps another badge', () => {
    begun().says({ ...askErrand(1, 'confirm'), name: 'Anna', byBadge: 'own' })
    const mark = bench.effects.length
    bench.taps(ben, 5)
    expect(kinds(bench.since(mark))).toEqual(['send-cancel', 'send-tap'])
  })
  it('sends a PIN only at its step, once, and for that errand', () => {
    begun().says(askErrand(1, 'confirm'))
    const mark = bench.effects.length
    bench.presses(typed({ by: 'pin', pin: '1234' })).presses(typed({ by: 'new-pin', pin: '1234' }))
    expect(bench.since(mark)).toEqual([])
    bench.presses(typed({ by: 'yes' })).presses(typed({ by: 'yes' }))
    expect(kinds(bench.since(mark))).toEqual(['send-errand-answer'])
    bench.says(askErrand(1, 'new-pin'))
    bench.presses({ ...typed({ by: 'new-pin', pin: '1234' }), tapId: tap(8) })
    expect(kinds(bench.since(mark))).toEqual(['send-errand-answer'])
  })
  it('ends in locked: given up, run out, unanswered, or done', () => {
    begun().says(askErrand(1, 'number')).presses({ kind: 'errand-cancelled' })
    expect(bench.kind).toBe('locked')
    begun().says(askErrand(1, 'number')).does({ kind: 'tick' }, 61_000)
    expect(bench.kind).toBe('locked')
    begun().does({ kind: 'tick' }, 9000)
    expect(bench.kind).toBe('errand')
    bench.does({ kind: 'tick' }, 9000)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'no-answer' })
    bench.presses({ kind: 'dismissed' })
    begun().says(errandDone(1))
    expect(sceneOf()).toEqual({ kind: 'errand-done', errand: 'enrol' })
    bench.does({ kind: 'tick' }, 9000)
    expect(bench.kind).toBe('locked')
  })
  it('asks once more where no answer came, and never says a PIN twice', () => {
    begun().says(askErrand(1, 'pin'))
    bench.presses(typed({ by: 'pin', pin: '1234' }))
    const mark = bench.effects.length
    bench.does({ kind: 'tap-unanswered', tapId: tap(1) })
    const again = { kind: 'send-errand', tapId: tap(1), errand: 'enrol', card: rosa }
    expect(bench.since(mark)).toEqual([again])
    bench.says(errandDone(1))
    expect(bench.kind).toBe('errand-done')
    begun()
      .says(askErrand(1, 'pin'))
      .presses(typed({ by: 'pin', pin: '1234' }))
    bench.does({ kind: 'tap-unanswered', tapId: tap(1) }).does({ kind: 'tick' }, 9000)
    expect(bench.state.phase).toMatchObject({ kind: 'refused', code: 'no-answer' })
  })
  it('is never opened by an answer to its tap, and gives such a session back', () => {
    begun()
    const mark = bench.effects.length
    bench.says(admitted(1))
    expect(bench.kind).toBe('errand')
    expect(kinds(bench.since(mark))).toEqual(['send-leave'])
  })
  it('gives way to an emergency, from everywhere', () => {
    bench.ruled({ errands: allErrands, emergency: emergencyRules })
    for (const start of [
      () => bench.presses({ kind: 'errands-asked' }),
      () => begun().says(askErrand(1, 'pin')),
      () => begun().says(errandDone(1)),
    ]) {
      start().presses({ kind: 'emergency-asked' })
      expect(bench.kind).toBe('choosing-reason')
      bench.presses({ kind: 'emergency-cancelled' })
    }
  })
  it('shows no card, whatever it is about', () => {
    begun().says(askErrand(1, 'witness-badge')).taps(ben, 4)
    expect(JSON.stringify(view(bench.state, bench.nowMs))).not.toMatch(/04a1b2c3|04d4e5f6/)
  })
})

describe('a page to sign in on', () => {
  let bench: Bench
  beforeEach(() => {
    bench = new Bench().ruled({ errands: allErrands, emergency: emergencyRules })
    bench.taps(rosa, 3).says(unknown(3)).presses(chosen, 1)
  })
  const offered = () => bench.says(askErrand(1, 'witness-badge'))
  const pressed = (by: 'sign-in' | 'sign-in-ended', of = 1) =>
    ({ kind: 'errand-answered', tapId: tap(of), answer: { by } }) as const
  const open = () => offered().presses(pressed('sign-in')).says(askErrand(1, 'sign-in'))
  const ended = (of = 1) => ({ kind: 'page-ended', tapId: tap(of) }) as const

  it('is asked for where it is offered, and opens once the broker has one', () => {
    offered()
    expect(view(bench.state, bench.nowMs).scene).toMatchObject({ offersAccount: true })
    const mark = bench.effects.length
    bench.presses(pressed('sign-in')).says(askErrand(1, 'sign-in'))
    expect(bench.since(mark)).toEqual([
      { kind: 'send-errand-answer', tapId: tap(1), answer: { by: 'sign-in' }, card: rosa },
      { kind: 'open-page', tapId: tap(1), page: signInPage, hasEmergency: true },
    ])
    expect(view(bench.state, bench.nowMs).scene).toMatchObject({ step: 'sign-in' })
    expect(JSON.stringify(view(bench.state, bench.nowMs))).not.toContain('id.example')
  })
  it('is not asked for where it is not offered', () => {
    const { offersAccount: _none, ...without } = askErrand(1, 'witness-badge')
    bench.says(without)
    const mark = bench.effects.length
    bench.presses(pressed('sign-in')).presses(pressed('sign-in-ended'))
    expect(bench.since(mark)).toEqual([])
  })
  it('is not opened where the broker has none for it', () => {
    const { signIn: _page, ...empty } = askErrand(1, 'sign-in')
    offered().presses(pressed('sign-in'))
    const mark = bench.effects.length
    bench.says(empty)
    expect(bench.since(mark)).toEqual([])
    bench.does({ kind: 'tick' }, 9000)
    expect(bench.does({ kind: 'tick' }, 9000).state.phase).toMatchObject({ code: 'no-answer' })
  })
  it('goes, and the broker is asked what came of it, when it is over', () => {
    open()
    const mark = bench.effects.length
    bench.does(ended(8)).does(ended()).does(ended())
    expect(bench.since(mark)).toEqual([
      { kind: 'close-page', tapId: tap(1) },
      { kind: 'send-errand-answer', tapId: tap(1), answer: { by: 'sign-in-ended' }, card: rosa },
    ])
    bench.says(askErrand(1, 'confirm'))
    expect(view(bench.state, bench.nowMs).scene).toMatchObject({ step: 'confirm' })
  })
  it.each<[string, () => unknown, string]>([
    ['back is pressed', () => bench.presses(pressed('sign-in-ended')), 'errand'],
    ['the errand is given up', () => bench.presses({ kind: 'errand-cancelled' }), 'locked'],
    ['somebody else taps', () => bench.taps(carla, 6), 'asking'],
    [
      'emergency access is asked for',
      () => bench.presses({ kind: 'emergency-asked' }),
      'choosing-reason',
    ],
    ['nobody finishes', () => bench.does({ kind: 'tick' }, 61_000), 'locked'],
    ['its browser dies', () => bench.does({ kind: 'browser-changed', browser: 'died' }), 'locked'],
    [
      'the lock screen goes',
      () => bench.does({ kind: 'window-changed', isThere: false }),
      'locked',
    ],
    ['the machine sleeps', () => bench.does({ kind: 'lock-now', reason: 'sleep' }), 'locked'],
  ])('goes before anything else when %s', (_name, act, phase) => {
    open()
    const mark = bench.effects.length
    act()
    expect(bench.since(mark)[0]).toEqual({ kind: 'close-page', tapId: tap(1) })
    expect(bench.kind).toBe(phase)
    expect(kinds(bench.since(mark)).filter((kind) => kind === 'close-page')).toHaveLength(1)
  })
  it('stays where the badge that it is about swings on its lanyard', () => {
    open()
    const mark = bench.effects.length
    bench.taps(rosa, 6)
    expect(bench.since(mark)).toEqual([])
  })
})
