// Something about a badge or a PIN, step by step as the broker leads it. It never opens a screen:
// whoever has a badge and a PIN afterwards taps as everybody does.

import type { TapId } from '@wardkey/protocol/ids'
import type { ErrandAnswer } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { ErrandKind, ErrandStep } from '@wardkey/protocol/workstation/errands'
import { errandsOffered } from '../errands-offered.ts'
import { isSameCard } from '../idle-limit.ts'
import { askMs, checkMs, doneMs, errandMs, menuMs, signInMs } from '../limits.ts'
import { ask, giveUp, go, inTurn, mayAskEmergency, refuse, stay } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { Card, PhaseOf, State, Who } from '../state.ts'

export function onErrandsAsked(state: State, nowMs: number): Step {
  if (state.phase.kind !== 'locked' || errandsOffered(state).length === 0) return stay(state)
  return go(state, { kind: 'choosing-errand', untilMs: nowMs + menuMs })
}

/** From the list, from a refusal, or from a PIN that somebody cannot remember. */
export function onErrandChosen(
  state: State,
  errand: ErrandKind,
  tapId: TapId,
  nowMs: number,
): Step {
  const { phase } = state
  if (!errandsOffered(state).includes(errand)) return stay(state)
  switch (phase.kind) {
    case 'choosing-errand':
      return begin(state, errand, tapId, undefined, nowMs)
    case 'refused':
      return begin(state, errand, tapId, phase.who, nowMs)
    case 'entering-pin':
      // An emergency's question is not about a badge.
      if (phase.choice) return stay(state)
      return inTurn(giveUp(state, phase, 'superseded'), (locked) =>
        begin(locked, errand, tapId, phase.who, nowMs),
      )
    default:
      return stay(state)
  }
}

function begin(
  state: State,
  errand: ErrandKind,
  tapId: TapId,
  who: Who | undefined,
  nowMs: number,
): Step {
  const card = who?.by === 'card' && errand !== 'lost' ? who.card : undefined
  const about = { errand, tapId, ...(card ? { card } : {}) }
  const phase = {
    ...({ kind: 'errand', ...about, cards: card ? [card] : [] } as const),
    ...{ isAsking: true, again: false, isSecond: false, untilMs: nowMs + askMs },
  }
  return go(state, phase, [{ kind: 'send-errand', ...about }])
}

export function onAskErrand(state: State, frame: BrokerFrameOf<'ask-errand'>, nowMs: number): Step {
  const { phase } = state
  if (phase.kind !== 'errand' || phase.tapId !== frame.tapId || !phase.isAsking) return stay(state)
  const { kind, errand, tapId, card, cards } = phase
  const { step, again, isSecond, name, byBadge, flaw, triesLeft, offersAccount, signIn } = frame
  // Without its page there is nothing that could be done.
  if (step === 'sign-in' && !signIn) return stay(state)
  const next = {
    ...{ kind, errand, tapId, cards, step, again, isSecond, isAsking: false },
    untilMs: nowMs + Math.min(step === 'sign-in' ? signInMs : errandMs, frame.answerWithinMs),
    ...(card ? { card } : {}),
    ...(name === undefined ? {} : { name }),
    ...(byBadge === undefined ? {} : { byBadge }),
    ...(flaw === undefined ? {} : { flaw }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
    ...(offersAccount ? { offersAccount } : {}),
  }
  if (step !== 'sign-in' || !signIn) return go(state, next)
  const hasEmergency = state.rules.emergency !== undefined && mayAskEmergency(state, nowMs)
  return go(state, next, [{ kind: 'open-page', tapId, page: signIn, hasEmergency }])
}

export function onErrandDone(
  state: State,
  { tapId, errand, name, lastsMs }: BrokerFrameOf<'errand-done'>,
  nowMs: number,
): Step {
  const { phase } = state
  if (phase.kind !== 'errand' || phase.tapId !== tapId) return stay(state)
  return go(state, {
    ...({ kind: 'errand-done', errand, untilMs: nowMs + doneMs } as const),
    ...(name === undefined ? {} : { name }),
    ...(lastsMs === undefined ? {} : { lastsMs }),
  })
}

/**
 * A badge where one is asked for is the answer. One that was shown here before swings on its
 * lanyard; any other is somebody who wants to come in, and what was left here gives way to her.
 * A name is confirmed by a badge that was shown before: by the one that it is about, or by one that
 * spoke, and then only the one that it is about swings.
 */
export function onErrandTap(
  state: State,
  phase: PhaseOf<'errand'>,
  card: Card,
  tapId: TapId,
  nowMs: number,
): Step {
  const isOurs = phase.card !== undefined && isSameCard(phase.card, card)
  const confirming = phase.step === 'confirm' ? phase.byBadge : undefined
  const isShown = phase.cards.some((seen) => isSameCard(seen, card))
  const isSwinging = confirming === undefined ? isShown : confirming === 'witness' && isOurs
  if (phase.isAsking || isSwinging) return stay(state)
  const confirms = confirming === 'witness' || (confirming === 'own' && isOurs)
  if (confirms || phase.step === 'badge' || phase.step === 'witness-badge') {
    const cards = isShown ? phase.cards : [...phase.cards, card].slice(-cardsMax)
    return answer(state, { ...phase, cards }, { by: 'card', card }, nowMs)
  }
  const about = { tapId, who: { by: 'card', card } } as const
  return inTurn(giveUp(state, { ...phase, isAlone: false }, 'superseded'), (locked) =>
    ask(locked, about, nowMs),
  )
}

/** More in one errand are not shown by people who have one each. */
const cardsMax = 8

/** What is typed or pressed counts only at the step that asks for it. */
export function onErrandAnswered(
  state: State,
  answered: Exclude<ErrandAnswer, { by: 'card' }>,
  about: string,
  nowMs: number,
): Step {
  const { phase } = state
  if (phase.kind !== 'errand' || phase.tapId !== about || phase.isAsking) return stay(state)
  if (phase.step === undefined || !answeredBy[answered.by].includes(phase.step)) return stay(state)
  // Anybody can press: where a badge is to say that the name is right, only a badge does.
  if (answered.by === 'yes' && phase.byBadge) return stay(state)
  if (answered.by === 'sign-in' && !phase.offersAccount) return stay(state)
  return answer(state, phase, answered, nowMs)
}

const answeredBy: Readonly<Record<Exclude<ErrandAnswer['by'], 'card'>, readonly ErrandStep[]>> = {
  'staff-number': ['number'],
  yes: ['confirm'],
  pin: ['witness-pin', 'pin'],
  'new-pin': ['new-pin'],
  'sign-in': ['witness-badge'],
  'sign-in-ended': ['sign-in'],
}

function answer(
  state: State,
  phase: PhaseOf<'errand'>,
  answered: ErrandAnswer,
  nowMs: number,
): Step {
  const { tapId, card } = phase
  const isPin = answered.by === 'pin' || answered.by === 'new-pin'
  const untilMs = nowMs + (isPin ? checkMs : askMs)
  return go(state, { ...phase, isAsking: true, untilMs }, [
    { kind: 'send-errand-answer', tapId, answer: answered, ...(card ? { card } : {}) },
  ])
}

/** Back from the list, or given up on the way. */
export function onErrandCancelled(state: State): Step {
  const { phase } = state
  if (phase.kind === 'choosing-errand' || phase.kind === 'errand-done') {
    return go(state, { kind: 'locked' })
  }
  return phase.kind === 'errand'
    ? giveUp(state, { ...phase, isAlone: false }, 'not-me')
    : stay(state)
}

/**
 * No answer came, or nobody did what was asked. What was answered may be done all the same: the
 * broker knows the errand by its id, and says once more where it is.
 */
export function onErrandLate(state: State, phase: PhaseOf<'errand'>, nowMs: number): Step {
  const late = giveUp(state, { ...phase, isAlone: false }, 'timeout')
  if (!phase.isAsking) return late
  if (!phase.wasLate) {
    const { errand, tapId, card } = phase
    return go(state, { ...phase, wasLate: true, untilMs: nowMs + askMs }, [
      { kind: 'send-errand', tapId, errand, ...(card ? { card } : {}) },
    ])
  }
  return inTurn(late, (locked) => refuse(locked, nowMs, { code: 'no-answer' }))
}
