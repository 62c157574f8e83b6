// What the broker's words change. An answer counts only for the tap or the ceremony that is asked
// about now; anything else that would have opened something is handed back.

import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { openMs, pinMs, signMs } from './limits.ts'
import { dropCovered, go, leave, lockAsTold, refuse, seatedOf, stay, tapOf } from './moves.ts'
import type { Step } from './moves.ts'
import type { LockNotice } from './screen-view.ts'
import type { Seated, State } from './state.ts'

export function onBrokerFrame(state: State, frame: BrokerFrame, nowMs: number): Step {
  switch (frame.kind) {
    case 'welcome':
    case 'rules':
      return stay(withRules(state, frame))
    case 'ask-pin':
      return onAskPin(state, frame, nowMs)
    case 'admitted':
      return onAdmitted(state, frame, nowMs)
    case 'refused':
      return onRefused(state, frame, nowMs)
    case 'lock':
      return onLock(state, frame)
    case 'ask-signature':
      return onAskSignature(state, frame, nowMs)
    case 'ask-signature-pin':
      return onAskSignaturePin(state, frame)
    case 'signature-ended':
      return onSignatureEnded(state, frame, nowMs)
    case 'noted':
    case 'failed':
    case 'pong':
      return stay(state)
  }
}

function withRules(state: State, frame: BrokerFrameOf<'welcome' | 'rules'>): State {
  return {
    ...state,
    rules: frame.rules,
    surroundings: {
      ...state.surroundings,
      place: frame.place,
      publicView: frame.rules.publicView,
      serviceDesk: frame.rules.serviceDesk,
    },
  }
}

function onAskPin(state: State, frame: BrokerFrameOf<'ask-pin'>, nowMs: number): Step {
  const tap = tapOf(state.phase)
  if (tap?.tapId !== frame.tapId || state.phase.kind === 'entering-pin') return stay(state)
  return go(state, {
    kind: 'entering-pin',
    tapId: frame.tapId,
    card: tap.card,
    untilMs: nowMs + Math.min(pinMs, frame.answerWithinMs),
    again: frame.again,
    ...(frame.name === undefined ? {} : { name: frame.name }),
    ...(frame.triesLeft === undefined ? {} : { triesLeft: frame.triesLeft }),
  })
}

function onAdmitted(state: State, frame: BrokerFrameOf<'admitted'>, nowMs: number): Step {
  const tap = tapOf(state.phase)
  if (tap?.tapId !== frame.tapId) {
    // Too late: the broker believes a screen open that is not. It is told, so that no record says
    // that somebody sat here.
    const isOpenHere = seatedOf(state.phase)?.sessionId === frame.sessionId
    return isOpenHere ? stay(state) : { state, effects: [leave(frame.sessionId, 'answered-late')] }
  }
  const { sessionId, name, role } = frame
  const seated: Seated = { sessionId, card: tap.card, name, role }
  if (state.covered.includes(sessionId)) {
    const back = dropCovered(state, sessionId)
    return go(back.state, { kind: 'open', seated, lastSignMs: nowMs }, [
      { kind: 'reveal', sessionId },
      { kind: 'send-launched', sessionId, outcome: 'shown' },
    ])
  }
  const { movedFrom } = frame
  const opening = { kind: 'opening', seated, stage: '', untilMs: nowMs + openMs } as const
  return go(state, { ...opening, ...(movedFrom === undefined ? {} : { movedFrom }) }, [
    { kind: 'launch', sessionId, steps: frame.steps },
  ])
}

function onRefused(state: State, frame: BrokerFrameOf<'refused'>, nowMs: number): Step {
  if (tapOf(state.phase)?.tapId !== frame.tapId) return stay(state)
  const { code, quote, retryAfterMs } = frame
  return refuse(state, nowMs, {
    code,
    quote,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function onLock(state: State, frame: BrokerFrameOf<'lock'>): Step {
  const notice: LockNotice =
    frame.code === 'session-moved'
      ? { kind: 'moved', ...(frame.movedTo === undefined ? {} : { to: frame.movedTo }) }
      : { kind: 'ended' }
  if (seatedOf(state.phase)?.sessionId === frame.sessionId) return lockAsTold(state, notice)
  if (!state.covered.includes(frame.sessionId)) return stay(state)
  // Covered here, and now over elsewhere: its windows must not come back.
  const gone = dropCovered(state, frame.sessionId)
  return {
    state: gone.state,
    effects: [{ kind: 'end-launch', sessionId: frame.sessionId }],
  }
}

/** Only on the open screen of that session, and never over another signature. */
function onAskSignature(state: State, frame: BrokerFrameOf<'ask-signature'>, nowMs: number): Step {
  const { phase } = state
  const isOpen = phase.kind === 'open' || phase.kind === 'leaving' || phase.kind === 'opening'
  if (!isOpen || phase.seated.sessionId !== frame.sessionId) {
    return {
      state,
      effects: [{ kind: 'send-sign-cancel', ceremonyId: frame.ceremonyId, reason: 'locked' }],
    }
  }
  return go(
    state,
    {
      kind: 'signing',
      seated: phase.seated,
      ceremonyId: frame.ceremonyId,
      description: frame.description,
      application: frame.application,
      signing: { step: 'badge', wrongBadge: false },
      untilMs: nowMs + Math.min(signMs, frame.answerWithinMs),
    },
    [{ kind: 'cover', sessionId: frame.sessionId }],
  )
}

function onAskSignaturePin(state: State, frame: BrokerFrameOf<'ask-signature-pin'>): Step {
  const { phase } = state
  if (phase.kind !== 'signing' || phase.ceremonyId !== frame.ceremonyId) return stay(state)
  return go(state, {
    ...phase,
    signing: {
      step: 'pin',
      again: frame.again,
      ...(frame.triesLeft === undefined ? {} : { triesLeft: frame.triesLeft }),
    },
  })
}

/** Signed or not, the chart comes back: the EHR says the rest on its own page. */
function onSignatureEnded(
  state: State,
  frame: BrokerFrameOf<'signature-ended'>,
  nowMs: number,
): Step {
  const { phase } = state
  if (phase.kind !== 'signing' || phase.ceremonyId !== frame.ceremonyId) return stay(state)
  if (!frame.isOver) return go(state, { ...phase, signing: { step: 'badge', wrongBadge: true } })
  return go(state, { kind: 'open', seated: phase.seated, lastSignMs: nowMs }, [
    { kind: 'reveal', sessionId: phase.seated.sessionId },
  ])
}
