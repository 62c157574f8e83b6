// What a person does on the lock screen. Each act names what it answers, so that a press on an old
// picture does nothing.

import { checkMs } from './limits.ts'
import { go, lock, seatedOf, stay } from './moves.ts'
import type { Step } from './moves.ts'
import type { ScreenInput } from './screen-view.ts'
import type { State } from './state.ts'

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
    case 'cancelled':
      if (phase.kind !== 'entering-pin' || phase.tapId !== input.tapId) return stay(state)
      return go(state, { kind: 'locked' }, [
        { kind: 'send-cancel', tapId: phase.tapId, reason: 'not-me' },
      ])
    case 'signature-pin-entered': {
      const isAsked = phase.kind === 'signing' && phase.signing.step === 'pin'
      if (!isAsked || phase.ceremonyId !== input.ceremonyId) return stay(state)
      return go(state, { ...phase, signing: { step: 'checking' } }, [
        { kind: 'send-sign-pin', ceremonyId: phase.ceremonyId, pin: input.pin },
      ])
    }
    case 'signature-cancelled':
      if (phase.kind !== 'signing' || phase.ceremonyId !== input.ceremonyId) return stay(state)
      return go(state, { kind: 'open', seated: phase.seated, lastSignMs: nowMs }, [
        { kind: 'send-sign-cancel', ceremonyId: phase.ceremonyId, reason: 'not-me' },
        { kind: 'reveal', sessionId: phase.seated.sessionId },
      ])
    case 'dismissed':
      return phase.kind === 'refused' ? go(state, { kind: 'locked' }) : stay(state)
    case 'stayed':
      if (phase.kind !== 'leaving') return stay(state)
      return go(state, { kind: 'open', seated: phase.seated, lastSignMs: nowMs }, [
        { kind: 'reveal', sessionId: phase.seated.sessionId },
      ])
    case 'lock-asked':
      return seatedOf(phase) ? lock(state, 'lock-key') : stay(state)
  }
}
