// When the machine next wants a tick: the product ticks ten times a second, and nearly all of those
// ticks change nothing. Pure. That nothing is passed over is checked at every event.

import type { Phase, State } from '@wardkey/agent/machine/state'

/** Monotonic; nothing where time alone changes nothing. */
export function nextDueMs(state: State): number | undefined {
  const { phase, linkDownSinceMs: downMs, rules } = state
  const staleMs = downMs !== undefined && isSeated(phase) ? downMs + rules.staleMs : Infinity
  const coveredMs = Math.min(...state.covered.map(({ untilMs }) => untilMs))
  const dueMs = Math.min(phaseDueMs(state), staleMs, coveredMs)
  return Number.isFinite(dueMs) ? dueMs : undefined
}

function phaseDueMs({ phase, rules }: State): number {
  switch (phase.kind) {
    case 'locked':
      return Infinity
    case 'open':
      return phase.lastSignMs + rules.idleMs
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'opening':
    case 'leaving':
    case 'signing':
    case 'refused':
      return phase.untilMs
  }
}

const isSeated = (phase: Phase): boolean => 'seated' in phase
