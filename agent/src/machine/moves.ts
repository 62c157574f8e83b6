// The moves that several phases share: to locked, to a refusal, to asking, back to the chart. Each
// says completely what follows, so that no phase can forget half of a lock.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { SessionId, TapId } from '@wardkey/protocol/ids'
import type { LeaveReason } from '@wardkey/protocol/workstation/agent-frames'
import { endCovered, keepCovered } from './covered.ts'
import type { Effect } from './effect.ts'
import { askMs, refusedMs } from './limits.ts'
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

/** One move after the other, as one. */
export function inTurn(first: Step, second: (state: State) => Step): Step {
  const next = second(first.state)
  return { state: next.state, effects: [...first.effects, ...next.effects] }
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
 * Locks, whatever was going on. The cover comes first; the broker is told of a session left or a
 * tap given up. The windows are kept for whoever comes back; a chart that never came is ended.
 */
export function lock(state: State, nowMs: number, reason: LeaveReason, notice?: LockNotice): Step {
  const { phase } = state
  const isChartThere = phase.kind !== 'opening' || phase.otherwise !== undefined
  const { state: locked, effects, left } = lockOnly(state, reason, notice)
  if (left === undefined) return { state: locked, effects }
  const kept = isChartThere ? keepCovered(locked, left, nowMs) : endCovered(locked, left)
  return { state: kept.state, effects: [...effects, ...kept.effects] }
}

/** Locks, and keeps nothing of the session: its windows are not there, or cannot be trusted. */
export function lockAndEnd(state: State, reason: LeaveReason): Step {
  const { state: locked, effects, left } = lockOnly(state, reason, { kind: 'trouble' })
  if (left === undefined) return { state: locked, effects }
  const ended = endCovered(locked, left)
  return { state: ended.state, effects: [...effects, ...ended.effects] }
}

/** Locks because the broker said so: it knows already, so it is not told. Nothing is kept. */
export function lockAsTold(state: State, sessionId: SessionId, notice: LockNotice): Step {
  const covered = go(state, { kind: 'locked', notice }, coverEffects(state.phase, sessionId))
  return inTurn(covered, (locked) => endCovered(locked, sessionId))
}

export function refuse(
  state: State,
  nowMs: number,
  refusal: { code: RefusalCode; quote?: string; retryAfterMs?: number },
): Step {
  return go(state, { kind: 'refused', ...refusal, untilMs: nowMs + refusedMs })
}

/**
 * Asks the broker about a card. Without a link there is nobody to ask, and that is said at once.
 */
export function ask(state: State, card: Card, tapId: TapId, nowMs: number): Step {
  // Without its window there is neither a question to be seen nor a way to cover an answer.
  if (state.surroundings.browser !== 'ready') return stay(state)
  if (state.surroundings.link !== 'up') return refuse(state, nowMs, { code: 'no-answer' })
  return go(state, { kind: 'asking', tapId, card, untilMs: nowMs + askMs }, [
    { kind: 'send-tap', tapId, card },
  ])
}

/** Given up: the broker is told, in case it still thinks about it. */
export function giveUp(
  state: State,
  tapId: TapId,
  reason: Extract<Effect, { kind: 'send-cancel' }>['reason'],
): Step {
  return go(state, { kind: 'locked' }, [{ kind: 'send-cancel', tapId, reason }])
}

/**
 * Back to a chart that was covered over. Where it was let be for too long it does not come back.
 */
export function comeBack(state: State, seated: Seated, lastSignMs: number, nowMs: number): Step {
  if (nowMs - lastSignMs >= state.rules.idleMs) return fade(state, seated, nowMs)
  const { sessionId } = seated
  const open = { kind: 'open', seated, shownMs: nowMs, lastSignMs, lastPresenceMs: nowMs } as const
  return go(state, open, [{ kind: 'reveal', sessionId }])
}

/** Covered from the first moment, so that nobody reads on while it fades. */
export function fade(state: State, seated: Seated, nowMs: number): Step {
  const untilMs = nowMs + state.rules.fadeMs
  return go(state, { kind: 'leaving', seated, sinceMs: nowMs, untilMs }, [
    { kind: 'cover', sessionId: seated.sessionId },
  ])
}

/** The format is only how the bits are read for people: canonical holds all of them. */
export function isSameCard(a: Card, b: Card): boolean {
  return a.canonical === b.canonical && a.technology === b.technology
}

export const leave = (sessionId: SessionId, reason: LeaveReason): Effect => ({
  kind: 'send-leave',
  sessionId,
  reason,
})

function lockOnly(
  state: State,
  reason: LeaveReason,
  notice?: LockNotice,
): Step & { readonly left?: SessionId } {
  const { phase } = state
  const to: Phase = { kind: 'locked', ...(notice ? { notice } : {}) }
  const tap = tapOf(phase)
  if (tap) return go(state, to, [{ kind: 'send-cancel', tapId: tap.tapId, reason: 'locked' }])
  const left = seatedOf(phase)?.sessionId
  if (left === undefined) return go(state, to)
  return { ...go(state, to, [...coverEffects(phase, left), leave(left, reason)]), left }
}

/** A signature under way ends with the screen it was asked on. */
function coverEffects(phase: Phase, sessionId: SessionId): readonly Effect[] {
  const cover: Effect = { kind: 'cover', sessionId }
  if (phase.kind !== 'signing') return [cover]
  return [cover, { kind: 'send-sign-cancel', ceremonyId: phase.ceremonyId, reason: 'locked' }]
}
