// When the machine next wants a tick: the product ticks ten times a second, and nearly all of those
// ticks change nothing. Pure. That nothing is passed over is checked at every event.

import { idleLimitMs, isInPlace } from '@wardkey/agent/machine/idle-limit'
import { presenceEveryMs, readerLostMs, sensorSilentMs } from '@wardkey/agent/machine/limits'
import { seatedOf } from '@wardkey/agent/machine/moves'
import type { PhaseOf, State } from '@wardkey/agent/machine/state'

/** Monotonic; nothing where time alone changes nothing. */
export function nextDueMs(state: State, nowMs: number): number | undefined {
  const coveredMs = Math.min(...state.covered.map(({ untilMs }) => untilMs))
  const dueMs = Math.min(phaseDueMs(state, nowMs), seatDueMs(state), coveredMs)
  return Number.isFinite(dueMs) ? dueMs : undefined
}

/** What a screen that is somebody's leans on, and how long it may be gone. */
function seatDueMs(state: State): number {
  const seated = seatedOf(state.phase)
  if (!seated) return Infinity
  const { linkDownSinceMs: downMs, readerLostSinceMs: lostMs, rules } = state
  return Math.min(
    downMs === undefined ? Infinity : downMs + rules.staleMs,
    lostMs === undefined ? Infinity : lostMs + readerLostMs,
    seated.emergency?.untilMs ?? Infinity,
  )
}

function phaseDueMs(state: State, nowMs: number): number {
  const { phase } = state
  switch (phase.kind) {
    case 'locked':
      return phase.regret?.untilMs ?? Infinity
    case 'open':
      return openDueMs(state, phase, nowMs)
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'choosing-reason':
    case 'identifying':
    case 'witnessing':
    case 'opening':
    case 'leaving':
    case 'handing-over':
    case 'signing':
    case 'refused':
      return phase.untilMs
  }
}

function openDueMs(state: State, phase: PhaseOf<'open'>, nowMs: number): number {
  const { seated, lastSignMs, lastPresenceMs } = phase
  const idleMs = lastSignMs + idleLimitMs(state, seated, lastSignMs, nowMs)
  // What a sensor said counts only for a while: after that the limit is another one.
  const sensedMs = state.body ? state.body.atMs + sensorSilentMs : Infinity
  return Math.min(
    idleMs,
    sensedMs > nowMs ? sensedMs : Infinity,
    isInPlace(state, seated) ? lastPresenceMs + presenceEveryMs : Infinity,
  )
}
