// What a person does on the lock screen. Each act names what it answers, so that a press on an old
// picture does nothing.

import { checkMs } from '../limits.ts'
import { comeBack, giveUp, go, lock, seatedOf, stay, tapOf } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { ScreenInput } from '../screen-view.ts'
import type { State } from '../state.ts'

export function onScreenInput(state: State, input: ScreenInput, nowMs: number): Step {
  const { phase } = state
  switch (input.kind) {
    case 'pin-entered':
      if (phase.kind !== 'entering-pin' || phase.tapId !== input.tapId) return stay(state)
      return go(
        state,
        { kind: 'checking-pin', tapId: phase.tapId, card: phase.card, untilMs: nowMs + checkMs },
        [{ kind: 'send-pin', tapId: phase.tapId, pin: input.pin }],
      )
    case 'cancelled': {
      const tap = tapOf(phase)
      return tap?.tapId === input.tapId ? giveUp(state, tap.tapId, 'not-me') : stay(state)
    }
    case 'signature-pin-entered': {
      const isAsked = phase.kind === 'signing' && phase.signing.step === 'pin'
      if (!isAsked || phase.ceremonyId !== input.ceremonyId) return stay(state)
      return go(state, { ...phase, signing: { step: 'checking' }, lastSignMs: nowMs }, [
        { kind: 'send-sign-pin', ceremonyId: phase.ceremonyId, pin: input.pin },
      ])
    }
    case 'signature-cancelled': {
      if (phase.kind !== 'signing' || phase.ceremonyId !== input.ceremonyId) return stay(state)
      const back = comeBack(state, phase.seated, nowMs, nowMs)
      const { ceremonyId } = phase
      return {
        state: back.state,
        effects: [{ kind: 'send-sign-cancel', ceremonyId, reason: 'not-me' }, ...back.effects],
      }
    }
    case 'dismissed':
      return phase.kind === 'refused' ? go(state, { kind: 'locked' }) : stay(state)
    case 'stayed':
      return phase.kind === 'leaving' ? comeBack(state, phase.seated, nowMs, nowMs) : stay(state)
    case 'lock-asked':
      return seatedOf(phase) ? lock(state, nowMs, 'lock-key') : stay(state)
  }
}
