// The moves that several phases share: to locked, to a refusal, to asking. Each says completely what
// follows, so that no phase can forget half of a lock.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { SessionId, TapId } from '@wardkey/protocol/ids'
import type { LeaveReason } from '@wardkey/protocol/workstation/agent-frames'
import type { Effect } from './effect.ts'
import { askMs, coveredMax, refusedMs } from './limits.ts'
import type { LockNotice } from './screen-view.ts'
import type { Card, Phase, Seated, State } from './state.ts'

export interface Step {
  readonly state: State
  readonly effects: readonly Effect[]
}

export const stay = (state: State): Step => ({ state, effects: [] })

export function go(state: State, phase: Phase, effects: readonly Effect[] = []): Step {
  return { state: { ...state, phase }, effects }
}

/** Whose windows are on this screen, if anybody's. */
export function seatedOf(phase: Phase): Seated | undefined {
  switch (phase.kind) {
    case 'opening':
    case 'open':
    case 'leaving':
    case 'signing':
      return phase.seated
    case 'locked':
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'refused':
      return undefined
  }
}

/** The question to the broker that is under way, if one is. */
export function tapOf(phase: Phase): { tapId: TapId; card: Card } | undefined {
  switch (phase.kind) {
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
      return phase
    case 'locked':
    case 'opening':
    case 'open':
    case 'leaving':
    case 'signing':
    case 'refused':
      return undefined
  }
}

/**
 * Locks, whatever was going on. The cover comes first; the broker is told of a session left or a tap
 * given up; a session whose chart never came is ended, since there is nothing to bring back.
 */
export function lock(state: State, reason: LeaveReason, notice?: LockNotice): Step {
  const { phase } = state
  const to: Phase = { kind: 'locked', ...(notice ? { notice } : {}) }
  const tap = tapOf(phase)
  if (tap) return go(state, to, [{ kind: 'send-cancel', tapId: tap.tapId, reason: 'locked' }])
  const seated = seatedOf(phase)
  if (!seated) return go(state, to)
  const effects = [...coverEffects(phase, seated), leave(seated.sessionId, reason)]
  const isHalfOpen = phase.kind === 'opening'
  const kept = isHalfOpen ? dropCovered(state, seated.sessionId) : keepCovered(state, seated)
  const end: Effect[] = isHalfOpen ? [{ kind: 'end-launch', sessionId: seated.sessionId }] : []
  return {
    state: { ...kept.state, phase: to },
    effects: [...effects, ...end, ...kept.effects],
  }
}

/** Locks because the broker said so: it knows already, so it is not told. */
export function lockAsTold(state: State, notice: LockNotice): Step {
  const { phase } = state
  const seated = seatedOf(phase)
  const to: Phase = { kind: 'locked', notice }
  if (!seated) return go(state, to)
  const gone = dropCovered(state, seated.sessionId)
  return {
    state: { ...gone.state, phase: to },
    effects: [
      ...coverEffects(phase, seated),
      { kind: 'end-launch', sessionId: seated.sessionId },
      ...gone.effects,
    ],
  }
}

export function refuse(
  state: State,
  nowMs: number,
  refusal: { code: RefusalCode; quote?: string; retryAfterMs?: number },
): Step {
  return go(state, { kind: 'refused', ...refusal, untilMs: nowMs + refusedMs })
}

/** Asks the broker about a card. Without a link there is nobody to ask, and that is said at once. */
export function ask(state: State, card: Card, tapId: TapId, nowMs: number): Step {
  if (state.surroundings.link !== 'up') return refuse(state, nowMs, { code: 'no-answer' })
  return go(state, { kind: 'asking', tapId, card, untilMs: nowMs + askMs }, [
    { kind: 'send-tap', tapId, card },
  ])
}

/** Format and technology count: the same digits in two formats are two cards. */
export function isSameCard(a: Card, b: Card): boolean {
  return a.canonical === b.canonical && a.technology === b.technology && a.format === b.format
}

export function dropCovered(state: State, sessionId: SessionId): Step {
  return stay({ ...state, covered: state.covered.filter((id) => id !== sessionId) })
}

export const leave = (sessionId: SessionId, reason: LeaveReason): Effect => ({
  kind: 'send-leave',
  sessionId,
  reason,
})

/** Keeps the windows for when the person comes back; beyond the limit the oldest are closed. */
function keepCovered(state: State, seated: Seated): Step {
  const all = [...state.covered.filter((id) => id !== seated.sessionId), seated.sessionId]
  const closed = all.slice(0, Math.max(0, all.length - coveredMax))
  return {
    state: { ...state, covered: all.slice(-coveredMax) },
    effects: closed.map((sessionId) => ({ kind: 'end-launch' as const, sessionId })),
  }
}

/** A signature under way ends with the screen it was asked on. */
function coverEffects(phase: Phase, seated: Seated): readonly Effect[] {
  const cover: Effect = { kind: 'cover', sessionId: seated.sessionId }
  if (phase.kind !== 'signing') return [cover]
  return [cover, { kind: 'send-sign-cancel', ceremonyId: phase.ceremonyId, reason: 'locked' }]
}
