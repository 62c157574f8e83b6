// What a sensor before the screen says: somebody is there, or nobody. It lengthens or shortens how
// long the screen waits, and is told as evidence; it never opens, and by itself never locks.

import type { Effect } from '../effect.ts'
import { idleLimitMs } from '../idle-limit.ts'
import { bodySureAt, confidenceAway, presenceEveryMs } from '../limits.ts'
import { fade, go, inTurn, stay } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { State } from '../state.ts'

export interface Told {
  readonly isNear: boolean
  readonly confidence: number
  readonly evidence: 'proximity' | 'door'
}

export function onBody(before: State, { isNear, confidence, evidence }: Told, nowMs: number): Step {
  // A guess takes the place of no surer word, and keeps none up: it is evidence, and no more.
  const isSure = confidence >= bodySureAt
  const isNews = isSure && before.body?.isNear !== isNear
  const state: State = isSure ? { ...before, body: { isNear, confidence, atMs: nowMs } } : before
  const { phase } = state
  if (phase.kind !== 'open') return stay(state)
  const { seated } = phase
  // Nobody before it is reason enough to fade at once where the wait is over by that.
  const isOver = nowMs - phase.lastSignMs >= idleLimitMs(state, seated, phase.lastSignMs, nowMs)
  const isDue = isNews || nowMs - phase.lastPresenceMs >= presenceEveryMs
  const told = go(state, isDue ? { ...phase, lastPresenceMs: nowMs } : phase, isDue ? [seen()] : [])
  return isOver ? inTurn(told, (after) => fade(after, seated, nowMs)) : told

  function seen(): Effect {
    const worth = isNear ? confidence : confidenceAway
    return { kind: 'send-presence', sessionId: seated.sessionId, evidence, confidence: worth }
  }
}

/**
 * Nobody can tell any more, and that is no news of her: whoever was seen is seen no longer, while a
 * word that nobody is there goes on for as long as any word does.
 */
export function onBodyLost(state: State): Step {
  if (state.body?.isNear !== true) return stay(state)
  const { body: _seen, ...rest } = state
  return stay(rest)
}
