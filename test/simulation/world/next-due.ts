// When the machine next wants a tick: the product ticks ten times a second, and nearly all of those
// ticks change nothing. Pure. That nothing is passed over is checked at every event.

import { idleLimitMs, isInPlace } from '@wardkey/agent/machine/idle-limit'
import {
  presenceEveryMs,
  readerLostMs,
  sensorSilentMs,
  tellDownMs,
} from '@wardkey/agent/machine/limits'
import { mayDecideAlone, seatedOf } from '@wardkey/agent/machine/moves'
import type { PhaseOf, State } from '@wardkey/agent/machine/state'

/** Monotonic; nothing where time alone changes nothing. */
export function nextDueMs(state: State, nowMs: number): number | undefined {
  const coveredMs = Math.min(...state.covered.map(({ untilMs }) => untilMs))
  const dueMs = Math.min(
    phaseDueMs(state, nowMs),
    seatDueMs(state, nowMs),
    aloneDueMs(state, nowMs),
    wordsDueMs(state, nowMs),
    coveredMs,
  )
  return Number.isFinite(dueMs) ? dueMs : undefined
}

/** What a screen that is somebody's leans on, and how long it may be gone. */
function seatDueMs(state: State, nowMs: number): number {
  const seated = seatedOf(state.phase)
  if (!seated) return Infinity
  const { linkDownSinceMs: downMs, readerLostSinceMs: lostMs, rules, offline } = state
  // What it may decide by itself keeps it open as long.
  const aloneMs = mayDecideAlone(state, nowMs) ? (offline?.untilMs ?? 0) : 0
  return Math.min(
    downMs === undefined
      ? Infinity
      : Math.max(aloneMs, seated.isAlone ? downMs : downMs + rules.staleMs),
    seated.isAlone ? (state.confirmByMs ?? Infinity) : Infinity,
    lostMs === undefined ? Infinity : lostMs + readerLostMs,
    seated.emergency?.untilMs ?? Infinity,
  )
}

/** When what the screen says of it is no longer so. */
function aloneDueMs(state: State, nowMs: number): number {
  const { surroundings, offline } = state
  const isAlone = surroundings.link !== 'up' && mayDecideAlone(state, nowMs)
  if (surroundings.isAlone !== isAlone) return nowMs
  return isAlone ? (offline?.untilMs ?? Infinity) : Infinity
}

/** When whoever reads a chart is told that no broker answers, or otherwise than before. */
function wordsDueMs(state: State, nowMs: number): number {
  const { phase, linkDownSinceMs: downMs } = state
  const seated = seatedOf(phase)
  if (!seated || phase.kind === 'opening' || seated.isAlone) return Infinity
  if (seated.emergency && !seated.isDowntime) return Infinity
  const isTold = seated.told === (mayDecideAlone(state, nowMs) ? 'alone' : 'cut-off')
  return downMs === undefined || isTold ? Infinity : downMs + tellDownMs
}

function phaseDueMs(state: State, nowMs: number): number {
  const { phase } = state
  switch (phase.kind) {
    case 'locked':
      return Math.min(phase.regret?.untilMs ?? Infinity, phase.noticeUntilMs ?? Infinity)
    case 'open':
      return openDueMs(state, phase, nowMs)
    case 'opening':
      return Math.min(phase.untilMs, phase.again?.askMs ?? Infinity)
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'choosing-reason':
    case 'identifying':
    case 'witnessing':
    case 'choosing-errand':
    case 'errand':
    case 'errand-done':
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
