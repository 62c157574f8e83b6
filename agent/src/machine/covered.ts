// Windows that are hidden and kept for somebody who will come back: how many, for how long, and
// what is closed for the next. Only hiding and closing; nothing here shows anything.

import type { SessionId } from '@wardkey/protocol/ids'
import type { Effect } from './effect.ts'
import { coveredKeepMs, coveredMax } from './limits.ts'
import type { Seated, State } from './state.ts'

interface Kept {
  readonly state: State
  readonly effects: readonly Effect[]
}

export function isCovered(state: State, sessionId: SessionId): boolean {
  return state.covered.some((one) => one.sessionId === sessionId)
}

export function dropCovered(state: State, sessionId: SessionId): State {
  return { ...state, covered: state.covered.filter((one) => one.sessionId !== sessionId) }
}

export function endCovered(state: State, sessionId: SessionId): Kept {
  return { state: dropCovered(state, sessionId), effects: [endLaunch({ sessionId })] }
}

/** Beyond the limit the oldest are closed. */
export function keepCovered(state: State, seated: Seated, nowMs: number): Kept {
  const { sessionId, isDowntime } = seated
  const others = dropCovered(state, sessionId).covered
  const mark = isDowntime ? { isDowntime } : {}
  const all = [...others, { sessionId, untilMs: nowMs + coveredKeepMs, ...mark }]
  const keep = Math.min(coveredMax, state.rules.suspendedMax)
  const covered = keep === 0 ? [] : all.slice(-keep)
  const closed = all.slice(0, all.length - covered.length)
  return { state: { ...state, covered }, effects: closed.flatMap(overFor('too-many-suspended')) }
}

export function closeExpired(state: State, nowMs: number): Kept {
  const expired = state.covered.filter(({ untilMs }) => nowMs >= untilMs)
  if (expired.length === 0) return { state, effects: [] }
  const covered = state.covered.filter(({ untilMs }) => nowMs < untilMs)
  const effects = expired.flatMap(overFor('suspended-too-long'))
  return { state: { ...state, covered }, effects }
}

/** Closed here for good: the broker ends the session, and its EHRs hear of it. */
const overFor =
  (reason: Extract<Effect, { kind: 'send-end' }>['reason']) =>
  ({ sessionId }: { readonly sessionId: SessionId }): readonly Effect[] => [
    { kind: 'end-launch', sessionId },
    { kind: 'send-end', sessionId, reason },
  ]

const endLaunch = ({ sessionId }: { readonly sessionId: SessionId }): Effect => ({
  kind: 'end-launch',
  sessionId,
})
