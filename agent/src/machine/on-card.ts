// What a tap means, phase by phase. The same card on its own active screen leaves; on a fading one it
// stays; another card always locks first, or a colleague who taps quickly would inherit a chart.

import type { TapId } from '@wardkey/protocol/ids'
import { ask, go, isSameCard, lock, stay } from './moves.ts'
import type { Step } from './moves.ts'
import type { Card, PhaseOf, State } from './state.ts'

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
      return both(
        go(state, { kind: 'locked' }, [
          { kind: 'send-cancel', tapId: phase.tapId, reason: 'superseded' },
        ]),
        (locked) => ask(locked, card, tapId, nowMs),
      )
    case 'opening':
      if (isSameCard(card, phase.seated.card)) return stay(state)
      return switchTo(state, card, tapId, nowMs)
    case 'open':
      if (isSameCard(card, phase.seated.card)) return lock(state, 'tap-out')
      return switchTo(state, card, tapId, nowMs)
    case 'leaving':
      if (!isSameCard(card, phase.seated.card)) return switchTo(state, card, tapId, nowMs)
      return go(state, { kind: 'open', seated: phase.seated, lastSignMs: nowMs }, [
        { kind: 'reveal', sessionId: phase.seated.sessionId },
      ])
    case 'signing':
      return signTap(state, phase, card, tapId)
  }
}

/** Locks the one, then asks for the other: at no moment are there two. */
function switchTo(state: State, card: Card, tapId: TapId, nowMs: number): Step {
  return both(lock(state, 'other-badge'), (locked) => ask(locked, card, tapId, nowMs))
}

/** During a signature a tap is the signature's, and whose badge it is is the broker's to say. */
function signTap(state: State, phase: PhaseOf<'signing'>, card: Card, tapId: TapId): Step {
  if (phase.signing.step !== 'badge') return stay(state)
  return go(state, { ...phase, signing: { step: 'asking', tapId } }, [
    { kind: 'send-sign-tap', ceremonyId: phase.ceremonyId, tapId, card },
  ])
}

function both(first: Step, second: (state: State) => Step): Step {
  const then = second(first.state)
  return { state: then.state, effects: [...first.effects, ...then.effects] }
}
