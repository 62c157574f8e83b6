// What the workstation leans on changes: reader, link, browser, the chart itself. Losing one of
// them can lock; gaining one never opens.

import { endCovered, isCovered } from '../covered.ts'
import type { Happening } from '../event.ts'
import { confirmMs } from '../limits.ts'
import {
  go,
  inTurn,
  lock,
  lockAndEnd,
  lostChart,
  mayDecideAlone,
  questionOf,
  reseat,
  seatedOf,
  stay,
} from '../moves.ts'
import type { Step } from '../moves.ts'
import { healthOf } from './broker-frame.ts'
import { hasNoWindows, onWayCut } from './cut-way.ts'
import { backBanner, firstWords, stayingBanner, tellBack } from './staying-words.ts'
import type { Offline, Phase, State } from '../state.ts'

/**
 * A reader that is lost takes the way to lock by badge with it: what is open is locked, after a
 * moment in which a wobbling cable or a restarting service comes back. The reader's own report of a
 * card torn away with it came before, as `card-gone`.
 */
export function onReader(
  { readerLostSinceMs: since, ...state }: State,
  reader: State['surroundings']['reader'],
  nowMs: number,
): Step {
  const wasThere = state.surroundings.reader === 'ready' && seatedOf(state.phase) !== undefined
  const lostMs = reader === 'ready' ? undefined : (since ?? (wasThere ? nowMs : undefined))
  const known: State = {
    ...state,
    surroundings: { ...state.surroundings, reader },
    ...(lostMs === undefined ? {} : { readerLostSinceMs: lostMs }),
  }
  return { state: known, effects: [healthOf(known)] }
}

/** What the workstation may do by itself; the screen says so only while no broker is there. */
export function onOffline({ offline: _before, ...state }: State, offline?: Offline): Step {
  return stay({ ...state, ...(offline ? { offline } : {}) })
}

export function onLink(
  state: State,
  happening: Extract<Happening, { kind: 'link-changed' }>,
  nowMs: number,
): Step {
  const { linkDownSinceMs: _shown, ...rest } = state.surroundings
  const { linkDownSinceMs: since, confirmByMs: _confirm, ...others } = state
  if (happening.link === 'up') {
    const isUnconfirmed = seatedOf(state.phase)?.isAlone === true
    return tellBack(
      {
        ...others,
        surroundings: { ...rest, link: 'up', isAlone: false },
        ...(isUnconfirmed ? { confirmByMs: nowMs + confirmMs } : {}),
      },
      nowMs,
    )
  }
  const wallMs = state.surroundings.linkDownSinceMs ?? happening.wallMs
  const down: State = {
    ...others,
    surroundings: {
      ...rest,
      link: happening.link,
      linkDownSinceMs: wallMs,
      isAlone: mayDecideAlone(state, nowMs),
    },
    // A zone's limit counts from the last word of a broker, not from when its silence was noticed.
    linkDownSinceMs: since ?? nowMs - (happening.silentMs ?? 0),
  }
  // Without an identity there is no broker that could take an open screen back.
  return happening.link === 'not-enrolled' || happening.link === 'copied'
    ? lock(down, nowMs, 'link-lost', { kind: 'link-lost' })
    : askAlone(down, nowMs)
}

/** Who waits for an answer that cannot come is answered from here, where that is possible. */
function askAlone(state: State, nowMs: number): Step {
  const { phase } = state
  if (phase.kind !== 'asking' || phase.isAlone || !mayDecideAlone(state, nowMs)) return stay(state)
  const asked = { ...phase, isAlone: true }
  return go(state, asked, questionOf(asked))
}

/** What was decided alone stands now, or is asked anew: nothing is open that no broker knows of. */
export function onConfirmed(
  state: State,
  { sessionId, isKept }: Extract<Happening, { kind: 'alone-confirmed' }>,
  nowMs: number,
): Step {
  const { phase } = state
  const seated = seatedOf(phase)
  if (seated?.sessionId === sessionId) {
    // The word on another session leaves this one its deadline.
    const { confirmByMs: _settled, ...settled } = state
    if (!isKept) return lock(settled, nowMs, 'network-back', { kind: 'network-back' })
    // What is said of an emergency stays for as long as it lasts.
    if (!seated.emergency) return go(settled, confirmed(phase), [backBanner(seated)])
    const now = confirmed(phase)
    return go(settled, now, stayingBanner(seatedOf(now) ?? seated, nowMs))
  }
  return isKept || !isCovered(state, sessionId) ? stay(state) : endCovered(state, sessionId)
}

const confirmed = (phase: Phase): Phase =>
  reseat(phase, ({ told: _said, ...seated }) => ({ ...seated, isAlone: false }))

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
    return happening.kind === 'launch-failed' ? lostChart(state, sessionId, nowMs) : stay(state)
  }
  if (hasNoWindows(phase)) return stay(state)
  switch (happening.kind) {
    case 'launch-stage':
      return go(state, { ...phase, stage: happening.stage })
    case 'launch-shown': {
      const { seated, movedFrom } = phase
      const moved = movedFrom === undefined ? {} : { movedFrom }
      const since = { shownMs: nowMs, lastSignMs: nowMs, lastPresenceMs: nowMs }
      return go(state, { kind: 'open', seated, ...since, ...moved }, [
        { kind: 'send-launched', sessionId, outcome: 'shown' },
        ...firstWords(seated, movedFrom, nowMs),
      ])
    }
    case 'launch-failed': {
      const { otherwise, ...opening } = phase
      if (otherwise === undefined) {
        const isCut = happening.isCut === true
        return (isCut && onWayCut(state, opening, nowMs)) || lostChart(state, sessionId, nowMs)
      }
      const { seated } = opening
      // Alone, what is opened in its place is not the chart.
      const again = seated.isAlone ? { ...seated, isDowntime: true as const } : seated
      return go(state, { ...opening, seated: again }, [
        { kind: 'end-launch', sessionId },
        { kind: 'launch', sessionId, steps: otherwise },
      ])
    }
  }
}

/** Without its browser nothing can be covered or brought back: everything that was open is over. */
export function onBrowser(
  state: State,
  browser: State['surroundings']['browser'],
  nowMs: number,
): Step {
  const known: State = { ...state, surroundings: { ...state.surroundings, browser } }
  const told: Step = { state: known, effects: [healthOf(known)] }
  if (browser === 'ready') return told
  return inTurn(told, (before) => {
    const isIdle = before.phase.kind === 'locked'
    const { state: locked, effects } = isIdle
      ? stay(before)
      : lockAndEnd(before, nowMs, 'browser-lost')
    return { state: { ...locked, covered: [] }, effects }
  })
}
