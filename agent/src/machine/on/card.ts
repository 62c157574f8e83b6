// What a tap means, phase by phase. The same card on its own active screen leaves; on a fading one
// it stays; another card always locks first, or a colleague who taps quickly would inherit a chart.

import type { TapId } from '@wardkey/protocol/ids'
import { confidenceOf, settleMs } from '../limits.ts'
import { ask, comeBack, giveUp, go, isSameCard, lock, stay, inTurn } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { Card, PhaseOf, State } from '../state.ts'

export function onCard(state: State, card: Card, tapId: TapId, nowMs: number): Step {
  const { phase } = state
  switch (phase.kind) {
    case 'locked':
    case 'refused':
      return ask(state, card, tapId, nowMs)
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
      // The same card again is a swinging lanyard; another one takes the question over.
      if (isSameCard(card, phase.card)) return stay(state)
      return inTurn(giveUp(state, phase.tapId, 'superseded'), (locked) =>
        ask(locked, card, tapId, nowMs),
      )
    case 'opening':
      if (isSameCard(card, phase.seated.card)) return stay(state)
      return switchTo(state, card, tapId, nowMs)
    case 'open':
      if (!isSameCard(card, phase.seated.card)) return switchTo(state, card, tapId, nowMs)
      // Tapped a second time because the chart took long, and it came just before the badge did.
      if (nowMs - phase.shownMs < settleMs) return stay(state)
      return lock(state, nowMs, 'tap-out')
    case 'leaving':
      if (!isSameCard(card, phase.seated.card)) return switchTo(state, card, tapId, nowMs)
      return stayByTap(state, phase, nowMs)
    case 'signing':
      return signTap(state, phase, card, tapId)
  }
}

/** Locks the one, then asks for the other: at no moment are there two. */
function switchTo(state: State, card: Card, tapId: TapId, nowMs: number): Step {
  return inTurn(lock(state, nowMs, 'other-badge'), (locked) => ask(locked, card, tapId, nowMs))
}

/** Her badge on her fading screen: the broker hears that it was she who stayed. */
function stayByTap(state: State, { seated }: PhaseOf<'leaving'>, nowMs: number): Step {
  const back = comeBack(state, seated, nowMs, nowMs)
  const evidence = 'tap'
  const { sessionId } = seated
  const confidence = confidenceOf[evidence]
  return {
    state: back.state,
    effects: [...back.effects, { kind: 'send-presence', sessionId, evidence, confidence }],
  }
}

/** During a signature a tap is the signature's, and whose badge it is is the broker's to say. */
function signTap(state: State, phase: PhaseOf<'signing'>, card: Card, tapId: TapId): Step {
  if (phase.signing.step !== 'badge') return stay(state)
  return go(state, { ...phase, signing: { step: 'asking', tapId } }, [
    { kind: 'send-sign-tap', ceremonyId: phase.ceremonyId, tapId, card },
  ])
}
