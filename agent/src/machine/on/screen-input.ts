// What a person does on the lock screen. Each act names what it answers, so that a press on an old
// picture does nothing.

import type { TapId } from '@wardkey/protocol/ids'
import { askedOf } from './broker-frame.ts'
import { handOver } from './card.ts'
import {
  onEmergencyAsked,
  onEmergencyCancelled,
  onReasonChosen,
  onStaffNumber,
} from './emergency.ts'
import { onErrandAnswered, onErrandCancelled, onErrandChosen, onErrandsAsked } from './errand.ts'
import { checkMs } from '../limits.ts'
import { comeBack, giveUp, go, lock, lockedWith, seatedOf, stay, tapOf } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { ScreenInput } from '../screen-view.ts'
import type { State } from '../state.ts'

/** `fresh` is the id of the question that an act may begin. */
export function onScreenInput(state: State, input: ScreenInput, fresh: TapId, nowMs: number): Step {
  const { phase } = state
  switch (input.kind) {
    case 'pin-entered': {
      if (phase.kind !== 'entering-pin' || phase.tapId !== input.tapId) return stay(state)
      const asked = { ...askedOf(phase), sentMs: nowMs, untilMs: nowMs + checkMs }
      const { tapId, isAlone } = asked
      return go(state, { kind: 'checking-pin', ...asked }, [
        { kind: 'send-pin', tapId, pin: input.pin, isAlone },
      ])
    }
    case 'cancelled': {
      const tap = tapOf(phase)
      return tap?.tapId === input.tapId ? giveUp(state, tap, 'not-me') : stay(state)
    }
    case 'errands-asked':
      return onErrandsAsked(state, nowMs)
    case 'errand-chosen':
      return onErrandChosen(state, input.errand, fresh, nowMs)
    case 'errand-answered':
      return onErrandAnswered(state, input.answer, input.tapId, nowMs)
    case 'errand-cancelled':
      return onErrandCancelled(state)
    case 'emergency-asked':
      return onEmergencyAsked(state, nowMs)
    case 'reason-chosen':
      return onReasonChosen(state, input.choice, fresh, nowMs)
    case 'staff-number-entered':
      return onStaffNumber(state, input.staffNumber, fresh, nowMs)
    case 'emergency-cancelled':
      return onEmergencyCancelled(state)
    case 'signature-pin-entered':
      return onSignaturePin(state, input, nowMs)
    case 'signature-cancelled':
      return onSignatureCancelled(state, input.ceremonyId, nowMs)
    case 'dismissed':
      return phase.kind === 'refused' ? go(state, { kind: 'locked' }) : stay(state)
    case 'stayed':
      if (phase.kind !== 'leaving' || phase.because === 'tap-out') return stay(state)
      return comeBack(state, phase.seated, nowMs, nowMs)
    case 'kept':
      if (phase.kind !== 'handing-over') return stay(state)
      return comeBack(state, phase.seated, nowMs, nowMs)
    case 'let-go':
      return phase.kind === 'handing-over' ? handOver(state, phase, nowMs) : stay(state)
    case 'lock-was-wrong':
      return onRegret(state, nowMs)
    case 'lock-asked':
      return seatedOf(phase) ? lock(state, nowMs, 'lock-key') : stay(state)
  }
}

function onSignaturePin(
  state: State,
  input: Extract<ScreenInput, { kind: 'signature-pin-entered' }>,
  nowMs: number,
): Step {
  const { phase } = state
  const isAsked = phase.kind === 'signing' && phase.signing.step === 'pin'
  if (!isAsked || phase.ceremonyId !== input.ceremonyId) return stay(state)
  return go(state, { ...phase, signing: { step: 'checking' }, lastSignMs: nowMs }, [
    { kind: 'send-sign-pin', ceremonyId: phase.ceremonyId, pin: input.pin },
  ])
}

function onSignatureCancelled(state: State, cancelled: string, nowMs: number): Step {
  const { phase } = state
  if (phase.kind !== 'signing' || phase.ceremonyId !== cancelled) return stay(state)
  const back = comeBack(state, phase.seated, nowMs, nowMs)
  const { ceremonyId } = phase
  return {
    state: back.state,
    effects: [{ kind: 'send-sign-cancel', ceremonyId, reason: 'not-me' }, ...back.effects],
  }
}

/** Said once, and only while it can still be remembered which lock is meant. */
function onRegret(state: State, nowMs: number): Step {
  const { phase } = state
  if (phase.kind !== 'locked' || !phase.regret || nowMs >= phase.regret.untilMs) return stay(state)
  const { sessionId, reason } = phase.regret
  return go(state, lockedWith({ kind: 'wrong-noted' }, nowMs), [
    { kind: 'send-lock-was-wrong', sessionId, reason },
  ])
}
