// Time alone: every phase that waits leaves its wait by ticks, and an unattended screen fades and
// locks. Nothing here ever opens anything.

import { closeExpired } from '../covered.ts'
import { idleLimitMs, isInPlace } from '../idle-limit.ts'
import { confidenceOf, presenceEveryMs, readerLostMs } from '../limits.ts'
import {
  comeBack,
  fade,
  giveUp,
  go,
  inTurn,
  lock,
  mayDecideAlone,
  refuse,
  seatedOf,
  stay,
} from '../moves.ts'
import type { Step } from '../moves.ts'
import type { Asked, PhaseOf, State } from '../state.ts'
import { handOver } from './card.ts'
import { askSteps } from './cut-way.ts'
import { onErrandLate } from './errand.ts'
import { tellDown } from './staying-words.ts'

export function onTick(state: State, nowMs: number): Step {
  const passed = inTurn(onPhase(known(state, nowMs), nowMs), (after) => closeExpired(after, nowMs))
  return inTurn(passed, (after) => tellDown(after, nowMs))
}

/** What it may still do by itself is said to whoever looks, as long as it is true. */
function known(state: State, nowMs: number): State {
  const { surroundings } = state
  const isAlone = surroundings.link !== 'up' && mayDecideAlone(state, nowMs)
  return surroundings.isAlone === isAlone
    ? state
    : { ...state, surroundings: { ...surroundings, isAlone } }
}

function onPhase(state: State, nowMs: number): Step {
  const { phase } = state
  switch (phase.kind) {
    case 'locked':
      return onLocked(state, phase, nowMs)
    case 'asking':
    case 'checking-pin':
      return nowMs < phase.untilMs ? stay(state) : unanswered(state, phase, nowMs)
    case 'entering-pin':
      return nowMs < phase.untilMs ? stay(state) : giveUp(state, phase, 'timeout')
    case 'witnessing':
      if (nowMs < phase.untilMs) return stay(state)
      return phase.isAsking ? unanswered(state, phase, nowMs) : giveUp(state, phase, 'timeout')
    case 'errand':
      return nowMs < phase.untilMs ? stay(state) : onErrandLate(state, phase, nowMs)
    case 'choosing-errand':
    case 'errand-done':
    case 'choosing-reason':
    case 'identifying':
      return nowMs < phase.untilMs ? stay(state) : go(state, { kind: 'locked' })
    case 'opening':
    case 'open':
    case 'leaving':
    case 'handing-over':
    case 'signing':
      return lostReason(state, nowMs) ?? onSeated(state, phase, nowMs)
    case 'refused':
      return nowMs < phase.untilMs ? stay(state) : go(state, { kind: 'locked' })
  }
}

function unanswered(state: State, asked: Asked, nowMs: number): Step {
  return inTurn(giveUp(state, asked, 'timeout'), (locked) =>
    refuse(locked, nowMs, { code: 'no-answer', who: asked.who }),
  )
}

/** What a screen leans on is gone for too long: locked, whatever was going on. */
function lostReason(state: State, nowMs: number): Step | undefined {
  const { rules, linkDownSinceMs, readerLostSinceMs, confirmByMs } = state
  // What it opened by itself has no other ground than what it may do by itself.
  const isOpenedAlone = seatedOf(state.phase)?.isAlone === true
  const isStale =
    linkDownSinceMs !== undefined &&
    (isOpenedAlone || nowMs - linkDownSinceMs >= rules.staleMs) &&
    !mayDecideAlone(state, nowMs)
  if (isStale) return lock(state, nowMs, 'link-lost', { kind: 'link-lost' })
  const seated = seatedOf(state.phase)
  if (seated?.isAlone === true && confirmByMs !== undefined && nowMs >= confirmByMs) {
    return lock(state, nowMs, 'network-back', { kind: 'network-back' })
  }
  if (seated?.emergency && nowMs >= seated.emergency.untilMs) {
    return lock(state, nowMs, 'emergency-over', { kind: 'emergency-over' })
  }
  if (readerLostSinceMs !== undefined && nowMs - readerLostSinceMs >= readerLostMs) {
    return lock(state, nowMs, 'reader-lost', { kind: 'reader-lost' })
  }
  return undefined
}

function onSeated(
  state: State,
  phase: PhaseOf<'opening' | 'open' | 'leaving' | 'handing-over' | 'signing'>,
  nowMs: number,
): Step {
  if (phase.kind === 'open') return onOpen(state, phase, nowMs)
  if (nowMs < phase.untilMs) {
    return phase.kind === 'opening' ? askSteps(state, phase, nowMs) : stay(state)
  }
  switch (phase.kind) {
    case 'opening':
      return lock(state, nowMs, 'launch-failed', { kind: 'launch-failed' })
    case 'leaving':
      return phase.because === 'tap-out'
        ? lock(state, nowMs, 'tap-out')
        : lockUnattended(state, phase, nowMs)
    case 'handing-over':
      return handOver(state, phase, nowMs)
    case 'signing': {
      const { ceremonyId } = phase
      return inTurn(
        { state, effects: [{ kind: 'send-sign-cancel', ceremonyId, reason: 'timeout' }] },
        (after) => comeBack(after, phase.seated, phase.lastSignMs, nowMs),
      )
    }
  }
}

/** Whether a sensor saw her go, or nobody touched it for long: the record must not guess. */
function lockUnattended(state: State, { sinceMs }: PhaseOf<'leaving'>, nowMs: number): Step {
  const { body, rules } = state
  const isAway = body?.isNear === false && body.atMs >= sinceMs - rules.awayIdleMs
  const kind = isAway ? 'away' : 'idle'
  return lock(state, nowMs, kind, { kind })
}

function onOpen(state: State, phase: PhaseOf<'open'>, nowMs: number): Step {
  const { seated } = phase
  if (nowMs - phase.lastSignMs >= idleLimitMs(state, seated, phase.lastSignMs, nowMs)) {
    return fade(state, seated, nowMs)
  }
  const isDue = nowMs - phase.lastPresenceMs >= presenceEveryMs
  if (!isDue || !isInPlace(state, seated)) return stay(state)
  const { sessionId } = seated
  const evidence = 'card-in-place'
  return go(state, { ...phase, lastPresenceMs: nowMs }, [
    { kind: 'send-presence', sessionId, evidence, confidence: confidenceOf[evidence] },
  ])
}

/** After a while nobody remembers which lock it was, and where she went she may be no more. */
function onLocked(state: State, phase: PhaseOf<'locked'>, nowMs: number): Step {
  const { regret, notice, noticeUntilMs = Infinity } = phase
  const isRegretOver = regret !== undefined && nowMs >= regret.untilMs
  const isNoticeOver = nowMs >= noticeUntilMs
  if (!isRegretOver && !isNoticeOver) return stay(state)
  return go(state, {
    kind: 'locked',
    ...(notice && !isNoticeOver ? { notice } : {}),
    ...(isNoticeOver || noticeUntilMs === Infinity ? {} : { noticeUntilMs }),
    ...(regret && !isRegretOver ? { regret } : {}),
  })
}
