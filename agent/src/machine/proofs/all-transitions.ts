// Every phase with every event, as it is: made by asking the machine. The picture of
// transitions.txt and the page docs/machine.md are both drawn from it.

import {
  Bench,
  admitted,
  allErrands,
  anId,
  askErrand,
  askSignature,
  askWitness,
  ben,
  ceremony,
  choice,
  emergencyRules,
  errandDone,
  rosa,
  session,
  tap,
} from './bench.ts'
import type { Happening } from '../event.ts'
import { againMs, settleMs, tellDownMs } from '../limits.ts'
import type { ScreenInput } from '../screen-view.ts'
import type { Phase } from '../state.ts'

const bench = (): Bench => new Bench()
const pinAsked = {
  kind: 'ask-pin',
  id: anId,
  tapId: tap(1),
  again: false,
  answerWithinMs: 30_000,
} as const
const pin = { kind: 'pin-entered', tapId: tap(1), pin: '12345679' } as const
const signPinAsked = {
  kind: 'ask-signature-pin',
  id: anId,
  ceremonyId: ceremony(1),
  again: false,
  answerWithinMs: 9000,
} as const
const signEnded = {
  kind: 'signature-ended',
  id: anId,
  ceremonyId: ceremony(1),
  outcome: 'signed',
} as const
const signPin = { kind: 'signature-pin-entered', ceremonyId: ceremony(1), pin: '12345679' } as const

/** Rosa's tap is 1 and her session 1; Ben's tap is 2. */
const phases: Readonly<Record<string, () => Bench>> = {
  locked: bench,
  'locked, hers covered': () => bench().opens(rosa, 1).taps(rosa, 3),
  'locked, emergency offered': () => offered(),
  asking: () => bench().taps(rosa, 1),
  'locked, emergency alone': () => alone(offered()),
  'asking, emergency': () => offered().presses(asked).taps(rosa, 3).presses(chosen, 1),
  'entering-pin': () => bench().taps(rosa, 1).says(pinAsked),
  'checking-pin': () => bench().taps(rosa, 1).says(pinAsked).presses(pin),
  opening: () => bench().taps(rosa, 1).admits(1),
  'opening, by reveal': () => bench().opens(rosa, 3, 1).taps(rosa, 4).taps(rosa, 1).admits(1),
  'opening, way cut': () => cut(bench().taps(rosa, 1).admits(1)),
  'opening, asked again': () => askedAgain(),
  'opening, steps came again': () => askedAgain().admits(1),
  open: () => bench().opens(rosa, 1),
  'open, card in place': () =>
    bench()
      .taps(rosa, 1)
      .admits(1)
      .does({ kind: 'launch-shown', sessionId: session(1) }, settleMs),
  'open, zone asks first': () => bench().ruled({ takeOver: 'ask-first' }).opens(rosa, 1),
  'open, card stays': () =>
    bench()
      .ruled({ cardStays: true })
      .taps(rosa, 1)
      .admits(1)
      .does({ kind: 'launch-shown', sessionId: session(1) }, settleMs),
  'open, let be': () =>
    bench().ruled({ idleMs: 300_000 }).opens(rosa, 1).does({ kind: 'tick' }, 61_000),
  'open, decided alone': () => alone(bench()).opens(rosa, 1),
  'open, told that the link is down': () =>
    alone(bench().opens(rosa, 1)).does({ kind: 'tick' }, tellDownMs),
  'open, alone, link back': () => alone(bench()).opens(rosa, 1).does(linkUp),
  'open, emergency': () => given(offered().taps(rosa, 3).presses(asked).presses(chosen, 1)),
  'open, emergency alone': () =>
    given(alone(offered()).taps(rosa, 3).presses(asked).presses(chosen, 1)),
  leaving: () => fading(bench().opens(rosa, 1)),
  'leaving by tap-out': () => bench().opens(rosa, 1).taps(rosa, 3),
  'handing over': () => bench().ruled({ takeOver: 'ask-first' }).opens(rosa, 1).taps(ben, 3),
  'choosing a reason': () => offered().presses(asked),
  'choosing, badge shown': () => offered().presses(asked).taps(rosa, 3),
  identifying: () => offered().presses(asked).presses(chosen),
  witnessing: () => witnessing(),
  'witnessing, asking': () => witnessing().taps(ben, 3),
  'signing, badge': () => bench().opens(rosa, 1).asksSignature(),
  'signing, asking': () => bench().opens(rosa, 1).asksSignature().taps(rosa, 3),
  'signing, pin': () => bench().opens(rosa, 1).asksSignature().taps(rosa, 3).says(signPinAsked),
  'signing, checking': () =>
    bench().opens(rosa, 1).asksSignature().taps(rosa, 3).says(signPinAsked).presses(signPin),
  'locked, errands offered': () => helped(),
  'choosing an errand': () => helped().presses(errandsAsked),
  'errand, asking': () => begun(),
  'errand, asked once more': () => begun().does({ kind: 'tap-unanswered', tapId: tap(1) }),
  'errand, badge': () => begun().says(askErrand(1, 'witness-badge')),
  'errand, badge shown': () => begun().says(askErrand(1, 'witness-badge')).taps(ben, 4),
  'errand, signing in': () => begun().says(askErrand(1, 'sign-in')),
  'errand, number': () => begun().says(askErrand(1, 'number')),
  'errand, name': () => begun().says(askErrand(1, 'confirm')),
  'errand, name by badge': () =>
    begun()
      .says(askErrand(1, 'witness-badge'))
      .taps(ben, 4)
      .says({ ...askErrand(1, 'confirm'), byBadge: 'witness' }),
  'errand, name by its own badge': () =>
    begun().says({ ...askErrand(1, 'confirm'), byBadge: 'own' }),
  'errand, PIN': () => begun().says(askErrand(1, 'pin')),
  'errand, new PIN': () => begun().says(askErrand(1, 'new-pin')),
  'errand done': () => begun().says(errandDone(1)),
  refused: () =>
    bench()
      .taps(rosa, 1)
      .does({ kind: 'tap-unanswered', tapId: tap(1) }),
  'refused, emergency offered': () =>
    offered()
      .taps(rosa, 1)
      .does({ kind: 'tap-unanswered', tapId: tap(1) }),
}
const errandsAsked = { kind: 'errands-asked' } as const
const errandChosen = { kind: 'errand-chosen', errand: 'enrol' } as const
const helped = () => bench().ruled({ errands: allErrands })
/** Her card is 1's, unknown to the broker; the errand about it is 1 too. */
const begun = () => helped().taps(rosa, 3).says(unknownTo(3)).presses(errandChosen, 1)
const unknownTo = (n: number) => ({
  ...({
    kind: 'refused',
    id: anId,
    tapId: tap(n),
    code: 'badge-unknown',
    quote: 'AAA-BBB',
  } as const),
})
const cut = (one: Bench): Bench =>
  one.does({ kind: 'launch-failed', sessionId: session(1), isCut: true })
const askedAgain = (): Bench => cut(bench().taps(rosa, 1).admits(1)).does({ kind: 'tick' }, againMs)
const asked = { kind: 'emergency-asked' } as const
const chosen = { kind: 'reason-chosen', choice } as const
const linkUp = { kind: 'link-changed', link: 'up', wallMs: 0 } as const
const alone = (one: Bench): Bench =>
  one
    .does({ kind: 'offline-changed', offline: { untilMs: 3_600_000, hasEmergency: true } })
    .does({ kind: 'link-changed', link: 'down', wallMs: 0 })
const offered = () => bench().ruled({ emergency: emergencyRules })
const given = (one: Bench): Bench =>
  one
    .says({ ...admitted(1), emergency: { reason: 'Cardiac arrest', lastsMs: 600_000 } })
    .does({ kind: 'launch-shown', sessionId: session(1) })
    .does({ kind: 'card-gone' }, settleMs)
const witnessing = () =>
  offered().presses(asked).taps(rosa, 3).presses(chosen, 1).says(askWitness(1))
const fading = (one: Bench): Bench => one.does({ kind: 'tick' }, one.state.rules.idleMs)

const said = (frame: Extract<Happening, { kind: 'broker-said' }>['frame']): Happening => ({
  kind: 'broker-said',
  frame,
})
const input = (of: Extract<Happening, { kind: 'screen-said' }>['input']): Happening => ({
  kind: 'screen-said',
  input: of,
  tapId: tap(7),
})
const typed = (
  answer: Extract<ScreenInput, { kind: 'errand-answered' }>['answer'],
): Extract<ScreenInput, { kind: 'errand-answered' }> => ({
  kind: 'errand-answered',
  tapId: tap(1),
  answer,
})
const refusal = { kind: 'refused', id: anId, code: 'badge-unknown', quote: 'AAA-BBB' } as const

const events: Readonly<Record<string, readonly [Happening, number]>> = {
  'her card': [{ kind: 'card-seen', card: rosa, tapId: tap(9), isShown: true }, 0],
  'another card': [{ kind: 'card-seen', card: ben, tapId: tap(2), isShown: true }, 0],
  'a card that lay there': [{ kind: 'card-seen', card: rosa, tapId: tap(9), isShown: false }, 0],
  'her card, again too soon': [{ kind: 'card-again', card: rosa }, 0],
  'card not read': [{ kind: 'card-refused', code: 'card-not-read' }, 0],
  'card gone': [{ kind: 'card-gone' }, 0],
  'card gone, hers': [{ kind: 'card-gone', card: rosa }, 0],
  'card gone, another': [{ kind: 'card-gone', card: ben }, 0],
  'somebody near': [{ kind: 'body-sensed', isNear: true, confidence: 0.9 }, 0],
  'nobody near': [{ kind: 'body-sensed', isNear: false, confidence: 0.9 }, 0],
  'sensor lost': [{ kind: 'body-lost' }, 0],
  'chart used, hers': [{ kind: 'chart-used', sessionId: session(1) }, 10],
  'chart used, another': [{ kind: 'chart-used', sessionId: session(8) }, 10],
  'may decide alone': [
    { kind: 'offline-changed', offline: { untilMs: 3_600_000, hasEmergency: true } },
    0,
  ],
  'may decide alone, no emergency': [
    { kind: 'offline-changed', offline: { untilMs: 3_600_000, hasEmergency: false } },
    0,
  ],
  'may not decide alone': [{ kind: 'offline-changed' }, 0],
  'confirmed, hers kept': [{ kind: 'alone-confirmed', sessionId: session(1), isKept: true }, 0],
  'confirmed, hers not kept': [
    { kind: 'alone-confirmed', sessionId: session(1), isKept: false },
    0,
  ],
  'reader unplugged': [{ kind: 'reader-changed', reader: 'unplugged' }, 0],
  'link down': [{ kind: 'link-changed', link: 'down', wallMs: 0 }, 0],
  'link up': [{ kind: 'link-changed', link: 'up', wallMs: 0 }, 0],
  'not enrolled': [{ kind: 'link-changed', link: 'not-enrolled', wallMs: 0 }, 0],
  'ask-pin for her tap': [said(pinAsked), 0],
  'ask-pin for another tap': [said({ ...pinAsked, tapId: tap(8) }), 0],
  'admitted for her tap': [said(admitted(1)), 0],
  'admitted for another tap': [said(admitted(8)), 0],
  'ask-witness for her tap': [said(askWitness(1)), 0],
  'ask-witness for another tap': [said(askWitness(8)), 0],
  'refused for her tap': [said({ ...refusal, tapId: tap(1) }), 0],
  'refused for another tap': [said({ ...refusal, tapId: tap(8) }), 0],
  'lock of her session': [
    said({ kind: 'lock', id: anId, sessionId: session(1), code: 'session-moved', movedTo: 'Ward' }),
    0,
  ],
  'lock of another session': [
    said({ kind: 'lock', id: anId, sessionId: session(8), code: 'session-ended' }),
    0,
  ],
  'ask-signature of her session': [said(askSignature(1)), 0],
  'ask-signature, a second one': [said(askSignature(1, 2)), 0],
  'ask-signature of another session': [said(askSignature(8, 2)), 0],
  'ask-signature-pin': [said(signPinAsked), 0],
  'ask-signature-pin of another': [said({ ...signPinAsked, ceremonyId: ceremony(2) }), 0],
  'signature over': [said({ ...signEnded, isOver: true }), 0],
  'signature not over': [said({ ...signEnded, isOver: false, code: 'step-up-wrong-person' }), 0],
  'signature over, another': [said({ ...signEnded, ceremonyId: ceremony(2), isOver: true }), 0],
  noted: [said({ kind: 'noted', id: anId, replyTo: anId }), 0],
  failed: [
    said({ kind: 'failed', id: anId, replyTo: anId, code: 'internal', repeat: 'permanent' }),
    0,
  ],
  pong: [said({ kind: 'pong', id: anId, replyTo: anId }), 0],
  'her tap unanswered': [{ kind: 'tap-unanswered', tapId: tap(1) }, 0],
  'another tap unanswered': [{ kind: 'tap-unanswered', tapId: tap(8) }, 0],
  'signature unanswered': [{ kind: 'signature-unanswered', ceremonyId: ceremony(1) }, 0],
  'PIN for her tap': [input(pin), 0],
  'PIN for another tap': [input({ ...pin, tapId: tap(8) }), 0],
  'her tap cancelled': [input({ kind: 'cancelled', tapId: tap(1) }), 0],
  'another tap cancelled': [input({ kind: 'cancelled', tapId: tap(8) }), 0],
  'signature PIN': [input(signPin), 0],
  'signature cancelled': [input({ kind: 'signature-cancelled', ceremonyId: ceremony(1) }), 0],
  dismissed: [input({ kind: 'dismissed' }), 0],
  stayed: [input({ kind: 'stayed' }), 0],
  kept: [input({ kind: 'kept' }), 0],
  'let go': [input({ kind: 'let-go' }), 0],
  'lock was wrong': [input({ kind: 'lock-was-wrong' }), 0],
  'emergency asked': [input(asked), 0],
  'reason chosen': [input(chosen), 0],
  'staff number': [input({ kind: 'staff-number-entered', staffNumber: 'S1234' }), 0],
  'emergency cancelled': [input({ kind: 'emergency-cancelled' }), 0],
  'ask-errand, a badge': [said(askErrand(1, 'witness-badge')), 0],
  'ask-errand, a name by badge': [said({ ...askErrand(1, 'confirm'), byBadge: 'witness' }), 0],
  'ask-errand, a PIN': [said(askErrand(1, 'pin')), 0],
  'ask-errand, a sign-in': [said(askErrand(1, 'sign-in')), 0],
  'ask-errand of another': [said(askErrand(8, 'number')), 0],
  'errand done': [said(errandDone(1)), 0],
  'errand done, another': [said(errandDone(8)), 0],
  'errands asked': [input(errandsAsked), 0],
  'errand chosen': [input(errandChosen), 0],
  'errand: number': [input(typed({ by: 'staff-number', staffNumber: 'S1234' })), 0],
  'errand: yes': [input(typed({ by: 'yes' })), 0],
  'errand: PIN': [input(typed({ by: 'pin', pin: '12345679' })), 0],
  'errand: new PIN': [input(typed({ by: 'new-pin', pin: '12345679' })), 0],
  'errand: PIN of another': [input({ ...typed({ by: 'pin', pin: '12345679' }), tapId: tap(8) }), 0],
  'errand: sign-in': [input(typed({ by: 'sign-in' })), 0],
  'errand: sign-in ended': [input(typed({ by: 'sign-in-ended' })), 0],
  'page ended': [{ kind: 'page-ended', tapId: tap(1) }, 0],
  'page ended, another': [{ kind: 'page-ended', tapId: tap(8) }, 0],
  'errand cancelled': [input({ kind: 'errand-cancelled' }), 0],
  'lock asked': [input({ kind: 'lock-asked' }), 0],
  'window gone': [{ kind: 'window-changed', isThere: false }, 0],
  'window there': [{ kind: 'window-changed', isThere: true }, 0],
  'input just now': [{ kind: 'input-seen', agoMs: 0 }, 10],
  'input long ago': [{ kind: 'input-seen', agoMs: 900_000 }, 10],
  'launch stage of hers': [{ kind: 'launch-stage', sessionId: session(1), stage: 'dom-ready' }, 0],
  'launch shown of hers': [{ kind: 'launch-shown', sessionId: session(1) }, 0],
  'launch shown of another': [{ kind: 'launch-shown', sessionId: session(8) }, 0],
  'launch failed of hers': [{ kind: 'launch-failed', sessionId: session(1) }, 0],
  'launch cut of hers': [{ kind: 'launch-failed', sessionId: session(1), isCut: true }, 0],
  'launch failed of another': [{ kind: 'launch-failed', sessionId: session(8) }, 0],
  'browser died': [{ kind: 'browser-changed', browser: 'died' }, 0],
  'browser ready': [{ kind: 'browser-changed', browser: 'ready' }, 0],
  'lock now: sleep': [{ kind: 'lock-now', reason: 'sleep' }, 0],
  'lock now: resume': [{ kind: 'lock-now', reason: 'resume' }, 0],
  'lock now: clock-ahead': [{ kind: 'lock-now', reason: 'clock-ahead' }, 0],
  'lock now: overflow': [{ kind: 'lock-now', reason: 'overflow' }, 0],
  'tick, at once': [{ kind: 'tick' }, 1],
  'tick, much later': [{ kind: 'tick' }, 70_000],
}

export interface Transition {
  /** The phase as the picture names it, and its kind. */
  readonly phase: string
  readonly from: Phase['kind']
  readonly event: string
  /** Nothing where the event means nothing there. */
  readonly to: string | undefined
  readonly toKind: Phase['kind']
  readonly effects: readonly string[]
}

export function allTransitions(): readonly Transition[] {
  return Object.entries(phases).flatMap(([phase, make]) =>
    Object.entries(events).map(([event, [happening, afterMs]]) => {
      const one = make()
      const mark = one.effects.length
      const before = one.state
      one.does(happening, afterMs)
      const effects = one.since(mark).map((effect) => {
        const reason = 'reason' in effect ? ` ${effect.reason}` : ''
        const alone = 'isAlone' in effect && effect.isAlone ? ' alone' : ''
        return effect.kind + reason + alone
      })
      const isSame = one.state === before && effects.length === 0
      const to = isSame ? undefined : nameOf(one.state.phase)
      const kinds = { from: before.phase.kind, toKind: one.state.phase.kind }
      return { phase, event, to, effects, ...kinds }
    }),
  )
}

function nameOf(phase: Phase): string {
  if (phase.kind === 'signing') return `signing, ${phase.signing.step}`
  if (phase.kind === 'errand') {
    return `errand, ${phase.isAsking ? 'asking' : (phase.step ?? 'nothing')}`
  }
  if (phase.kind === 'leaving') return `leaving, ${phase.because}`
  if (phase.kind === 'refused') return `refused ${phase.code}`
  if (phase.kind === 'locked' && phase.notice) return `locked, notice ${phase.notice.kind}`
  return phase.kind
}
