// What the workstation leans on changes: reader, link, browser, the chart itself, and whether
// anybody touches the keys. Losing one of them can lock; gaining one never opens.

import type { SessionId } from '@wardkey/protocol/ids'
import type { Happening } from '../event.ts'
import { confidenceOf, presenceEveryMs } from '../limits.ts'
import { comeBack, go, lock, lockAndEnd, seatedOf, stay, inTurn } from '../moves.ts'
import type { Step } from '../moves.ts'
import { healthOf } from './broker-frame.ts'
import type { State } from '../state.ts'

/**
 * A reader that is lost takes the way to lock by badge with it, but not the screen: who is working
 * goes on, under the zone's idle limits, and reads that the reader is gone. The reader's own report
 * of a card torn away with it came before, as `card-gone`.
 */
export function onReader(state: State, reader: State['surroundings']['reader']): Step {
  const known = { ...state, surroundings: { ...state.surroundings, reader } }
  return { state: known, effects: [healthOf(known)] }
}

export function onLink(
  state: State,
  happening: Extract<Happening, { kind: 'link-changed' }>,
  nowMs: number,
): Step {
  const { linkDownSinceMs: _shown, ...rest } = state.surroundings
  const { linkDownSinceMs: since, ...others } = state
  if (happening.link === 'up') return stay({ ...others, surroundings: { ...rest, link: 'up' } })
  const wallMs = state.surroundings.linkDownSinceMs ?? happening.wallMs
  const down: State = {
    ...others,
    surroundings: { ...rest, link: happening.link, linkDownSinceMs: wallMs },
    linkDownSinceMs: since ?? nowMs,
  }
  // Without an identity there is no broker that could take an open screen back.
  return happening.link === 'not-enrolled'
    ? lock(down, nowMs, 'link-lost', { kind: 'trouble' })
    : stay(down)
}

/** Any sign of life on an open screen; on a fading one it brings the chart back. */
export function onInput(state: State, atMs: number, nowMs: number): Step {
  const { phase } = state
  switch (phase.kind) {
    case 'open': {
      if (atMs <= phase.lastSignMs) return stay(state)
      const open = { ...phase, lastSignMs: atMs }
      if (nowMs - phase.lastPresenceMs < presenceEveryMs) return go(state, open)
      const { sessionId } = phase.seated
      const confidence = confidenceOf.input
      return go(state, { ...open, lastPresenceMs: nowMs }, [
        { kind: 'send-presence', sessionId, evidence: 'input', confidence },
      ])
    }
    case 'leaving':
      return atMs > phase.sinceMs ? comeBack(state, phase.seated, atMs, nowMs) : stay(state)
    case 'signing':
      return atMs > phase.lastSignMs ? go(state, { ...phase, lastSignMs: atMs }) : stay(state)
    case 'locked':
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'opening':
    case 'refused':
      return stay(state)
  }
}

export function onLaunch(
  state: State,
  happening: Extract<Happening, { kind: 'launch-stage' | 'launch-shown' | 'launch-failed' }>,
  nowMs: number,
): Step {
  const { phase } = state
  const { sessionId } = happening
  if (seatedOf(phase)?.sessionId !== sessionId) return stay(state)
  if (phase.kind !== 'opening') {
    // A chart that could not be brought back is not there: nobody is to believe that it is.
    return happening.kind === 'launch-failed' ? lostChart(state, sessionId) : stay(state)
  }
  switch (happening.kind) {
    case 'launch-stage':
      return go(state, { ...phase, stage: happening.stage })
    case 'launch-shown': {
      const { seated, movedFrom } = phase
      const moved = movedFrom === undefined ? {} : { movedFrom }
      const since = { shownMs: nowMs, lastSignMs: nowMs, lastPresenceMs: nowMs }
      return go(state, { kind: 'open', seated, ...since, ...moved }, [
        { kind: 'send-launched', sessionId, outcome: 'shown' },
      ])
    }
    case 'launch-failed': {
      const { otherwise, ...opening } = phase
      if (otherwise === undefined) return lostChart(state, sessionId)
      return go(state, opening, [
        { kind: 'end-launch', sessionId },
        { kind: 'launch', sessionId, steps: otherwise },
      ])
    }
  }
}

function lostChart(state: State, sessionId: SessionId): Step {
  const { state: locked, effects } = lockAndEnd(state, 'launch-failed')
  return {
    state: locked,
    effects: [...effects, { kind: 'send-launched', sessionId, outcome: 'failed' }],
  }
}

/** Without its browser nothing can be covered or brought back: everything that was open is over. */
export function onBrowser(state: State, browser: State['surroundings']['browser']): Step {
  const known: State = { ...state, surroundings: { ...state.surroundings, browser } }
  const told: Step = { state: known, effects: [healthOf(known)] }
  if (browser === 'ready') return told
  return inTurn(told, (before) => {
    const isIdle = before.phase.kind === 'locked'
    const { state: locked, effects } = isIdle ? stay(before) : lockAndEnd(before, 'browser-lost')
    return { state: { ...locked, covered: [] }, effects }
  })
}
