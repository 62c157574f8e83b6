// Asking for emergency access: what for, who it is, and who says so. It only asks; whether anything
// opens is answered as every tap is.

import type { TapId } from '@wardkey/protocol/ids'
import type { ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import { identifyMs, reasonMs } from '../limits.ts'
import { ask, giveUp, go, inTurn, mayAskEmergency, refuse, stay } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { State, Who } from '../state.ts'

/** From the lock screen, from a refusal, and from a PIN that somebody cannot remember. */
export function onEmergencyAsked(state: State, nowMs: number): Step {
  const { phase } = state
  switch (phase.kind) {
    case 'locked':
      return chooseReason(state, undefined, nowMs)
    case 'choosing-errand':
    case 'errand-done':
      return chooseReason(state, undefined, nowMs)
    case 'errand':
      return inTurn(giveUp(state, { ...phase, isAlone: false }, 'superseded'), (locked) =>
        chooseReason(locked, undefined, nowMs),
      )
    case 'refused':
      return chooseReason(state, phase.who, nowMs)
    case 'entering-pin':
      return inTurn(giveUp(state, phase, 'superseded'), (locked) =>
        chooseReason(locked, phase.who, nowMs),
      )
    case 'asking':
    case 'checking-pin':
    case 'choosing-reason':
    case 'identifying':
    case 'witnessing':
    case 'opening':
    case 'open':
    case 'leaving':
    case 'handing-over':
    case 'signing':
      return stay(state)
  }
}

/** A reason that is not on the list is nobody's choice. */
export function onReasonChosen(
  state: State,
  choice: ReasonChoice,
  tapId: TapId,
  nowMs: number,
): Step {
  const { phase, rules } = state
  if (phase.kind !== 'choosing-reason') return stay(state)
  const reason = rules.emergency?.reasons.find(({ code }) => code === choice.reason)
  if (!reason || (reason.asksNote && choice.note === undefined)) return stay(state)
  if (phase.who) return ask(state, { tapId, who: phase.who, choice }, nowMs)
  return go(state, { kind: 'identifying', choice, untilMs: nowMs + identifyMs })
}

export function onStaffNumber(
  state: State,
  staffNumber: string,
  tapId: TapId,
  nowMs: number,
): Step {
  const { phase } = state
  if (phase.kind !== 'identifying') return stay(state)
  const { choice } = phase
  return ask(state, { tapId, who: { by: 'staff-number', staffNumber }, choice }, nowMs)
}

export function onEmergencyCancelled(state: State): Step {
  const { phase } = state
  if (phase.kind === 'choosing-reason' || phase.kind === 'identifying') {
    return go(state, { kind: 'locked' })
  }
  return phase.kind === 'witnessing' ? giveUp(state, phase, 'not-me') : stay(state)
}

function chooseReason(state: State, who: Who | undefined, nowMs: number): Step {
  if (!state.rules.emergency || !mayAskEmergency(state, nowMs)) {
    return refuse(state, nowMs, { code: 'emergency-not-offered' })
  }
  const untilMs = nowMs + reasonMs
  return go(state, { kind: 'choosing-reason', untilMs, ...(who ? { who } : {}) })
}
