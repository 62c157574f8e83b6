// What the broker's words change. An answer counts only for the tap that is asked about now;
// anything else that would have opened something is handed back.

import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { dropCovered, endCovered, isCovered } from '../covered.ts'
import { confirmMs, lateMax, openMs, pinMs, witnessMs } from '../limits.ts'
import { go, leave, lockAsTold, refuse, seatedOf, stay, tapOf } from '../moves.ts'
import type { Step } from '../moves.ts'
import { onBody } from './body.ts'
import { onStepsAgain } from './cut-way.ts'
import { onAskErrand, onErrandDone } from './errand.ts'
import { onAskSignature, onAskSignaturePin, onSignatureEnded } from './signature-frame.ts'
import type { Happening } from '../event.ts'
import type { LockNotice } from '../screen-view.ts'
import type { Asked, Seated, State } from '../state.ts'

export function onBrokerFrame(state: State, frame: BrokerFrame, nowMs: number): Step {
  switch (frame.kind) {
    case 'welcome':
      return { state: withRules(state, frame), effects: [healthOf(state)] }
    case 'rules':
      return stay(withRules(state, frame))
    case 'ask-pin':
      return onAskPin(state, frame, nowMs)
    case 'admitted':
      return onAdmitted(state, frame, nowMs)
    case 'ask-witness':
      return onAskWitness(state, frame, nowMs)
    case 'ask-errand':
      return onAskErrand(state, frame, nowMs)
    case 'errand-done':
      return onErrandDone(state, frame, nowMs)
    case 'refused':
      return onRefused(state, frame, nowMs)
    case 'lock':
      return onLock(state, frame, nowMs)
    case 'ask-signature':
      return onAskSignature(state, frame, nowMs)
    case 'ask-signature-pin':
      return onAskSignaturePin(state, frame)
    case 'signature-ended':
      return onSignatureEnded(state, frame, nowMs)
    case 'evidence':
      // Of one person; who has come since is not meant.
      if (seatedOf(state.phase)?.sessionId !== frame.sessionId) return stay(state)
      return onBody(state, frame, nowMs)
    // The runtime's: what is decided alone, and what became of it.
    case 'bundle':
    case 'people-out':
    case 'offline-merged':
    case 'noted':
    case 'failed':
    case 'pong':
      return stay(state)
  }
}

/**
 * A question that was put to a broker when its line broke is asked here by now, and the broker may
 * answer it after all: then it is the broker's, and what comes of it stands in its books.
 */
export function heardFrom(
  state: State,
  { frame, isOverLine }: Extract<Happening, { kind: 'broker-said' }>,
): State {
  const { phase } = state
  const tap = tapOf(phase)
  const isAnswer = 'tapId' in frame && frame.tapId === tap?.tapId
  if (isOverLine !== true || !isAnswer || !('isAlone' in phase) || !phase.isAlone) return state
  return { ...state, phase: { ...phase, isAlone: false } }
}

export function healthOf({ surroundings }: State) {
  const { reader, browser } = surroundings
  return { kind: 'send-health', reader, browser } as const
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
      hasEmergency: frame.rules.emergency !== undefined,
    },
  }
}

function onAskPin(state: State, frame: BrokerFrameOf<'ask-pin'>, nowMs: number): Step {
  const tap = tapOf(state.phase)
  if (tap?.tapId !== frame.tapId || state.phase.kind === 'entering-pin') return stay(state)
  return go(state, {
    kind: 'entering-pin',
    // Asked by whoever answered: the PIN goes the same way.
    ...askedOf(tap),
    untilMs: nowMs + Math.min(pinMs, frame.answerWithinMs),
    again: frame.again,
    ...(frame.name === undefined ? {} : { name: frame.name }),
    ...(frame.triesLeft === undefined ? {} : { triesLeft: frame.triesLeft }),
  })
}

function onAskWitness(state: State, frame: BrokerFrameOf<'ask-witness'>, nowMs: number): Step {
  const tap = tapOf(state.phase)
  // Only an emergency is ever vouched for.
  if (tap?.tapId !== frame.tapId || tap.choice === undefined) return stay(state)
  return go(state, {
    kind: 'witnessing',
    ...askedOf(tap),
    untilMs: nowMs + Math.min(witnessMs, frame.answerWithinMs),
    again: frame.again,
    isAsking: false,
    ...(frame.name === undefined ? {} : { name: frame.name }),
  })
}

/** The question alone, without what the phase it was in knew besides. */
export function askedOf({ tapId, who, choice, isAlone, sentMs, untilMs }: Asked): Asked {
  return { tapId, who, isAlone, sentMs, untilMs, ...(choice ? { choice } : {}) }
}

function onAdmitted(state: State, frame: BrokerFrameOf<'admitted'>, nowMs: number): Step {
  const tap = tapOf(state.phase)
  if (tap?.tapId !== frame.tapId) return onStepsAgain(state, frame) ?? handBack(state, frame)
  const { sessionId, tapId, steps, movedFrom } = frame
  const waiting = state.covered.find((one) => one.sessionId === sessionId)
  // A broker can open the chart: what only stood in for it is closed.
  const isToReveal = waiting !== undefined && (tap.isAlone || !waiting.isDowntime)
  const isDowntime = tap.isAlone && (!isToReveal || waiting.isDowntime === true)
  const seated = seatedBy(tap, frame, isDowntime)
  const moved = movedFrom === undefined ? {} : { movedFrom }
  const untilMs = nowMs + openMs
  const opening = { kind: 'opening', seated, tapId, stage: '', untilMs, ...moved } as const
  const before = unconfirmed(dropCovered(state, sessionId), seated, nowMs)
  if (isToReveal) {
    return go(before, { ...opening, otherwise: steps }, [{ kind: 'reveal', sessionId }])
  }
  const launch = { kind: 'launch', sessionId, steps } as const
  const close = { kind: 'end-launch', sessionId } as const
  return go(before, opening, waiting ? [close, launch] : [launch])
}

function seatedBy(
  { who, isAlone, sentMs }: Asked,
  { sessionId, name, role, emergency }: BrokerFrameOf<'admitted'>,
  isDowntime: boolean,
): Seated {
  return {
    sessionId,
    name,
    role,
    isAlone,
    ...(isDowntime ? { isDowntime } : {}),
    ...(who.by === 'card' ? { card: who.card } : {}),
    // What is left of it was told when it was decided: a slow answer makes it no longer.
    ...(emergency
      ? { emergency: { reason: emergency.reason, untilMs: sentMs + emergency.lastsMs } }
      : {}),
  }
}

/** Decided alone while the link came back: a broker has its word to say on it, and soon. */
function unconfirmed(state: State, { isAlone }: Seated, nowMs: number): State {
  const isLinked = state.surroundings.link === 'up'
  return isAlone && isLinked ? { ...state, confirmByMs: nowMs + confirmMs } : state
}

/**
 * Too late: the broker believes a screen open that is not. It is told, so that no record says that
 * somebody sat here. Not while an answer is under way, though, which may have admitted the same
 * session again: our word would arrive after it and lock what is open.
 */
function handBack(state: State, { sessionId }: BrokerFrameOf<'admitted'>): Step {
  if (seatedOf(state.phase)?.sessionId === sessionId) return stay(state)
  if (state.late.length >= lateMax) {
    return { state, effects: [leave(sessionId, 'answered-late')] }
  }
  return stay({ ...state, late: [...state.late.filter((id) => id !== sessionId), sessionId] })
}

function onRefused(state: State, frame: BrokerFrameOf<'refused'>, nowMs: number): Step {
  const { phase } = state
  const tap = phase.kind === 'errand' ? { tapId: phase.tapId } : tapOf(phase)
  if (tap?.tapId !== frame.tapId) return stay(state)
  const { code, quote, retryAfterMs } = frame
  return refuse(state, nowMs, {
    code,
    quote,
    // What was refused about a badge is no ground for an emergency of somebody.
    ...('who' in tap ? { who: tap.who } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function onLock(state: State, frame: BrokerFrameOf<'lock'>, nowMs: number): Step {
  const { sessionId } = frame
  const notice: LockNotice =
    frame.code === 'session-moved'
      ? { kind: 'moved', ...(frame.movedTo === undefined ? {} : { to: frame.movedTo }) }
      : { kind: frame.code === 'emergency-over' ? 'emergency-over' : 'ended' }
  if (seatedOf(state.phase)?.sessionId === sessionId) {
    return lockAsTold(state, sessionId, notice, nowMs)
  }
  if (!isCovered(state, sessionId)) return stay(state)
  // Covered here, and now over elsewhere: its windows must not come back.
  return endCovered(state, sessionId)
}
