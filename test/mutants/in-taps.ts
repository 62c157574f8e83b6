// Faults in what a tap means, and in what a broker’s answer to it changes.

import type { Mutant } from './mutant.ts'

export const inTaps: readonly Mutant[] = [
  {
    name: 'another’s badge while a signature is asked for switches',
    file: 'on/card.ts',
    from: 'return signTap(state, phase, card, tapId)',
    to: 'return isHers(phase.seated, card) ? signTap(state, phase, card, tapId) : switchTo(state, card, tapId, nowMs)',
  },
  {
    name: 'the own badge on a fading screen signs out',
    file: 'on/card.ts',
    from: "return stayByTap(state, phase.seated, nowMs)\n    case 'handing-over'",
    to: "return lock(state, nowMs, 'tap-out')\n    case 'handing-over'",
  },
  {
    name: 'another’s badge on a fading screen brings the chart back',
    file: 'on/card.ts',
    from: 'if (!isHers(phase.seated, card)) return switchTo(state, card, tapId, nowMs)\n',
    to: '',
  },
  {
    name: 'another’s badge on an open screen signs its owner out',
    file: 'on/card.ts',
    from: 'return onOthersScreen(state, phase, { card, tapId }, nowMs)',
    to: 'return onOwnScreen(state, phase, { card, tapId }, nowMs)',
  },
  {
    name: 'a screen in use is taken over without asking, in a zone that asks',
    file: 'on/card.ts',
    from: "rules.takeOver === 'at-once' || !isInUse",
    to: "rules.takeOver === 'at-once' || isInUse",
  },
  {
    name: 'whoever is asked to hand over goes on being seen',
    file: 'on/card.ts',
    from: "    { kind: 'cover', sessionId: seated.sessionId },\n",
    to: '',
  },
  {
    name: 'a switch does not lock the one before',
    file: 'on/card.ts',
    from: 'inTurn(lock(state, nowMs, leaveReasonOf(state.phase)), (locked) =>\n    ask(locked, about, nowMs),\n  )',
    to: 'ask(state, about, nowMs)',
  },
  {
    name: 'a swinging lanyard signs out a chart that only just came',
    file: 'on/card.ts',
    from: 'if (nowMs - phase.shownMs < settleMs) return stay(state)\n',
    to: '',
  },
  {
    name: 'the own badge on an idle screen signs out',
    file: 'on/card.ts',
    from: 'if (nowMs - phase.lastSignMs < state.rules.activeMs) return signOut',
    to: 'if (nowMs >= phase.lastSignMs) return signOut',
  },
  {
    name: 'the own badge on an active screen does nothing',
    file: 'on/card.ts',
    from: 'if (nowMs - phase.lastSignMs < state.rules.activeMs) return signOut(state, phase.seated, nowMs)\n',
    to: '',
  },
  {
    name: 'a card that lay there is taken for a tap',
    file: 'on/card.ts',
    from: 'seen.isShown ? onTap(state, seen.card, seen.tapId, nowMs) : stay(state)',
    to: 'onTap(state, seen.card, seen.tapId, nowMs)',
  },
  {
    name: 'a card taken away does not lock where cards stay',
    file: 'on/card.ts',
    from: "return lock(state, nowMs, 'card-removed', { kind: 'card-removed' })",
    to: 'return stay(state)',
  },
  {
    name: 'a card taken away locks where cards need not stay',
    file: 'on/card.ts',
    from: 'if (!state.rules.cardStays) return stay(state)\n',
    to: '',
  },
  {
    name: 'another’s card taken away locks',
    file: 'on/card.ts',
    from: 'if (!isHers(seated, gone)) return stay(state)\n',
    to: '',
  },
  {
    name: 'the card of whoever is asked about may be taken away',
    file: 'on/card.ts',
    from: 'if (!isAbout(phase, gone)) return stay(state)\n',
    to: 'return stay(state)\n',
  },
  {
    name: 'another’s badge that comes again takes a sign-out back',
    file: 'on/card.ts',
    from: "phase.kind === 'leaving' && phase.because === 'tap-out' && isHers(phase.seated, card)",
    to: "phase.kind === 'leaving' && phase.because === 'tap-out'",
  },
  {
    name: 'another’s badge during a question is not heard',
    file: 'on/card.ts',
    from: "if (isAbout(phase, card)) return stay(state)\n      return inTurn(giveUp(state, phase, 'superseded'), (locked) => ask(locked, about, nowMs))",
    to: 'return stay(state)',
  },
  {
    name: 'the own badge witnesses for herself',
    file: 'on/card.ts',
    from: 'if (phase.isAsking || isAbout(phase, card)) return stay(state)',
    to: 'if (phase.isAsking) return stay(state)',
  },
  {
    name: 'two cards are one where their reader is',
    file: 'idle-limit.ts',
    from: 'return a.canonical === b.canonical && a.technology === b.technology',
    to: 'return a.technology === b.technology',
  },
]

export const inAnswers: readonly Mutant[] = [
  {
    name: 'an answer to another tap opens',
    file: 'on/broker-frame.ts',
    from: 'if (tap?.tapId !== frame.tapId) return onStepsAgain',
    to: 'if (!tap) return onStepsAgain',
  },
  {
    name: 'a flashed badge is a sign of its neighbour',
    file: 'on/card.ts',
    from: 'return comeBack(state, phase.seated, phase.lastSignMs, nowMs)',
    to: 'return comeBack(state, phase.seated, nowMs, nowMs)',
  },
  {
    name: 'steps that nobody asked for open a chart',
    file: 'on/cut-way.ts',
    from: "if (phase.kind !== 'opening' || phase.again?.isAsked !== true) return undefined",
    to: "if (phase.kind !== 'opening' || !phase.again) return undefined",
  },
  {
    name: 'steps of another session open here',
    file: 'on/cut-way.ts',
    from: 'if (phase.tapId !== tapId || phase.seated.sessionId !== sessionId) return undefined',
    to: 'if (phase.tapId !== tapId) return undefined',
  },
  {
    name: 'a way that is cut is asked for again for ever',
    file: 'on/cut-way.ts',
    from: 'tries > againMax',
    to: 'tries > 10 * againMax',
  },
  {
    name: 'what was admitted too late is kept',
    file: 'step.ts',
    from: "effects: given.map((id) => leave(id, 'answered-late')),",
    to: "effects: given.slice(0, 0).map((id) => leave(id, 'answered-late')),",
  },
  {
    name: 'what was admitted too late is given back while an answer is under way',
    file: 'step.ts',
    from: 'late.length === 0 || isUnderWay',
    to: 'late.length === 0',
  },
  {
    name: 'a session that is open by now is given back as late',
    file: 'step.ts',
    from: 'late.filter((id) => id !== here)',
    to: 'late.filter((id) => id !== here || id === here)',
  },
  {
    name: 'a lock of another session locks this one',
    file: 'on/broker-frame.ts',
    from: 'if (seatedOf(state.phase)?.sessionId === sessionId) {\n    return lockAsTold(state, ',
    to: 'if (seatedOf(state.phase)) {\n    return lockAsTold(state, ',
  },
  {
    name: 'a lock from the broker is not heard',
    file: 'on/broker-frame.ts',
    from: 'if (seatedOf(state.phase)?.sessionId === sessionId) {\n    return lockAsTold(state, sessionId, notice, nowMs)\n  }\n',
    to: '',
  },
  {
    name: 'windows that wait for a session that ended elsewhere are kept',
    file: 'on/broker-frame.ts',
    from: 'if (!isCovered(state, sessionId)) return stay(state)\n',
    to: 'return stay(state)\n',
  },
  {
    name: 'a chart that waits is launched once more in place of being shown',
    file: 'on/broker-frame.ts',
    from: 'const isToReveal = waiting !== undefined && (tap.isAlone || !waiting.isDowntime)',
    to: 'const isToReveal = waiting !== undefined && tap.isAlone',
  },
  {
    name: 'anybody is vouched for',
    file: 'on/broker-frame.ts',
    from: 'if (tap?.tapId !== frame.tapId || tap.choice === undefined) return stay(state)',
    to: 'if (tap?.tapId !== frame.tapId) return stay(state)',
  },
  {
    name: 'a PIN for an old picture is sent',
    file: 'on/screen-input.ts',
    from: "if (phase.kind !== 'entering-pin' || phase.tapId !== input.tapId) return stay(state)",
    to: "if (phase.kind !== 'entering-pin') return stay(state)",
  },
  {
    name: 'a press on an old picture cancels',
    file: 'on/screen-input.ts',
    from: "return tap?.tapId === input.tapId ? giveUp(state, tap, 'not-me') : stay(state)",
    to: "return tap ? giveUp(state, tap, 'not-me') : stay(state)",
  },
]
