// What a sensor before the screen says: somebody is there, or nobody. It lengthens or shortens how
// long the screen waits, and is told as evidence; it never opens, and by itself never locks.

import type { Happening } from '../event.ts'
import { idleLimitMs } from '../idle-limit.ts'
import { confidenceAway, presenceEveryMs } from '../limits.ts'
import { fade, go, stay } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { State } from '../state.ts'

export function onBody(
  before: State,
  { isNear, confidence }: Extract<Happening, { kind: 'body-sensed' }>,
  nowMs: number,
): Step {
  const isNews = before.body?.isNear !== isNear
  const state: State = { ...before, body: { isNear, confidence, atMs: nowMs } }
  const { phase } = state
  // Nobody before it is reason enough to fade at once where the wait is over by that.
  if (phase.kind !== 'open') return stay(state)
  const { seated } = phase
  if (nowMs - phase.lastSignMs >= idleLimitMs(state, seated, nowMs)) {
    return fade(state, seated, nowMs)
  }
  if (!isNews && nowMs - phase.lastPresenceMs < presenceEveryMs) return stay(state)
  return go(state, { ...phase, lastPresenceMs: nowMs }, [
    {
      kind: 'send-presence',
      sessionId: seated.sessionId,
      evidence: 'proximity',
      confidence: isNear ? confidence : confidenceAway,
    },
  ])
}
