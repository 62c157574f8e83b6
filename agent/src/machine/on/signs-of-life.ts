// Hands at work: on the keys or the pointer of this desktop, or on the chart itself. They keep an
// open screen open, and bring back one that only fades; they never open one.

import type { SessionId } from '@wardkey/protocol/ids'
import { confidenceOf, presenceEveryMs } from '../limits.ts'
import { comeBack, go, stay } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { PhaseOf, State } from '../state.ts'

/** Any sign of life on an open screen; on a fading one it brings the chart back. */
export function onInput(state: State, atMs: number, nowMs: number): Step {
  const { phase } = state
  switch (phase.kind) {
    case 'open':
      return signOfLife(state, phase, 'input', atMs, nowMs)
    case 'leaving':
      // Whoever leans on the keys must not bring back what a badge has signed out of.
      if (phase.because === 'tap-out') return stay(state)
      return atMs > phase.sinceMs ? comeBack(state, phase.seated, atMs, nowMs) : stay(state)
    case 'signing':
      return atMs > phase.lastSignMs ? go(state, { ...phase, lastSignMs: atMs }) : stay(state)
    case 'locked':
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'choosing-reason':
    case 'identifying':
    case 'witnessing':
    case 'choosing-errand':
    case 'errand':
    case 'errand-done':
    case 'opening':
    case 'handing-over':
    case 'refused':
      return stay(state)
  }
}

/**
 * Hands on the chart itself. It counts for the open chart of that very session and for nothing
 * else: what is covered is not brought back by a word that was under way.
 */
export function onChartUsed(state: State, sessionId: SessionId, nowMs: number): Step {
  const { phase } = state
  const isHers = phase.kind === 'open' && phase.seated.sessionId === sessionId
  return isHers ? signOfLife(state, phase, 'ehr-activity', nowMs, nowMs) : stay(state)
}

function signOfLife(
  state: State,
  phase: PhaseOf<'open'>,
  evidence: 'input' | 'ehr-activity',
  atMs: number,
  nowMs: number,
): Step {
  if (atMs <= phase.lastSignMs) return stay(state)
  const open = { ...phase, lastSignMs: atMs }
  if (nowMs - phase.lastPresenceMs < presenceEveryMs) return go(state, open)
  const { sessionId } = phase.seated
  return go(state, { ...open, lastPresenceMs: nowMs }, [
    { kind: 'send-presence', sessionId, evidence, confidence: confidenceOf[evidence] },
  ])
}
