// Time alone: every phase that waits leaves its wait by ticks, and an unattended screen fades and
// locks. Nothing here ever opens anything.

import { closeExpired } from '../covered.ts'
import { comeBack, fade, giveUp, go, lock, refuse, stay, inTurn } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { State } from '../state.ts'

export function onTick(state: State, nowMs: number): Step {
  return inTurn(onPhase(state, nowMs), (after) => closeExpired(after, nowMs))
}

function onPhase(state: State, nowMs: number): Step {
  const { phase, rules } = state
  const isStale =
    state.linkDownSinceMs !== undefined && nowMs - state.linkDownSinceMs >= rules.staleMs
  switch (phase.kind) {
    case 'locked':
      return stay(state)
    case 'asking':
    case 'checking-pin':
      if (nowMs < phase.untilMs) return stay(state)
      return inTurn(giveUp(state, phase.tapId, 'timeout'), (locked) =>
        refuse(locked, nowMs, { code: 'no-answer' }),
      )
    case 'entering-pin':
      return nowMs < phase.untilMs ? stay(state) : giveUp(state, phase.tapId, 'timeout')
    case 'opening':
      if (isStale) return lock(state, nowMs, 'link-lost', { kind: 'trouble' })
      if (nowMs < phase.untilMs) return stay(state)
      return lock(state, nowMs, 'launch-failed', { kind: 'trouble' })
    case 'open':
      if (isStale) return lock(state, nowMs, 'link-lost', { kind: 'trouble' })
      if (nowMs - phase.lastSignMs < rules.idleMs) return stay(state)
      return fade(state, phase.seated, nowMs)
    case 'leaving':
      if (isStale) return lock(state, nowMs, 'link-lost', { kind: 'trouble' })
      return nowMs < phase.untilMs ? stay(state) : lock(state, nowMs, 'idle', { kind: 'idle' })
    case 'signing': {
      if (isStale) return lock(state, nowMs, 'link-lost', { kind: 'trouble' })
      if (nowMs < phase.untilMs) return stay(state)
      const { ceremonyId } = phase
      return inTurn(
        { state, effects: [{ kind: 'send-sign-cancel', ceremonyId, reason: 'timeout' }] },
        (after) => comeBack(after, phase.seated, phase.lastSignMs, nowMs),
      )
    }
    case 'refused':
      return nowMs < phase.untilMs ? stay(state) : go(state, { kind: 'locked' })
  }
}
