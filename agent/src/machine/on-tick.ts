// Time alone: every phase that waits leaves its wait by ticks, and an unattended screen fades and
// locks. Nothing here ever opens anything.

import { go, lock, refuse, stay } from './moves.ts'
import type { Step } from './moves.ts'
import type { State } from './state.ts'

export function onTick(state: State, nowMs: number): Step {
  const { phase, rules } = state
  const isStale =
    state.linkDownSinceMs !== undefined && nowMs - state.linkDownSinceMs >= rules.staleMs
  switch (phase.kind) {
    case 'locked':
      return stay(state)
    case 'asking':
    case 'checking-pin':
      if (nowMs < phase.untilMs) return stay(state)
      return told(refuse(state, nowMs, { code: 'no-answer' }), phase.tapId)
    case 'entering-pin':
      if (nowMs < phase.untilMs) return stay(state)
      return told(go(state, { kind: 'locked' }), phase.tapId)
    case 'opening':
      if (isStale) return lock(state, 'link-lost', { kind: 'trouble' })
      return nowMs < phase.untilMs ? stay(state) : lock(state, 'launch-failed', { kind: 'trouble' })
    case 'open': {
      if (isStale) return lock(state, 'link-lost', { kind: 'trouble' })
      if (nowMs - phase.lastSignMs < rules.idleMs) return stay(state)
      // Where strangers look on, the picture goes at once; the way back is the same.
      const leaving = {
        kind: 'leaving',
        seated: phase.seated,
        untilMs: nowMs + rules.fadeMs,
      } as const
      return go(state, leaving, [{ kind: 'cover', sessionId: phase.seated.sessionId }])
    }
    case 'leaving':
      if (isStale) return lock(state, 'link-lost', { kind: 'trouble' })
      return nowMs < phase.untilMs ? stay(state) : lock(state, 'idle', { kind: 'idle' })
    case 'signing':
      if (isStale) return lock(state, 'link-lost', { kind: 'trouble' })
      if (nowMs < phase.untilMs) return stay(state)
      return go(state, { kind: 'open', seated: phase.seated, lastSignMs: nowMs }, [
        { kind: 'send-sign-cancel', ceremonyId: phase.ceremonyId, reason: 'timeout' },
        { kind: 'reveal', sessionId: phase.seated.sessionId },
      ])
    case 'refused':
      return nowMs < phase.untilMs ? stay(state) : go(state, { kind: 'locked' })
  }
}

function told(step: Step, tapId: Parameters<typeof cancelled>[0]): Step {
  return { state: step.state, effects: [...step.effects, cancelled(tapId)] }
}

const cancelled = (tapId: Extract<Step['effects'][number], { kind: 'send-cancel' }>['tapId']) =>
  ({ kind: 'send-cancel', tapId, reason: 'timeout' }) as const
