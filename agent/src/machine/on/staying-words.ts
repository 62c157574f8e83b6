// What is said over a chart for as long as it is true, and that what was said before is true no
// more. Words only; it decides nothing of what may be seen.

import type { Effect } from '../effect.ts'
import { tellDownMs } from '../limits.ts'
import { go, mayDecideAlone, reseat, seatedOf, stay } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { Seated, State } from '../state.ts'

/**
 * Whose screen it is, as its windows come up. They may have waited here under words that were true
 * of them then: those go, or others take their place.
 */
export function firstWords(
  seated: Seated,
  movedFrom: string | undefined,
  nowMs: number,
): readonly Effect[] {
  const { sessionId, name } = seated
  const staying = stayingBanner(seated, nowMs)
  const moved = movedFrom === undefined ? {} : { movedFrom }
  const ends = staying.length === 0 ? { endsLasting: true as const } : {}
  const banner = { kind: 'yours', name, ...moved, ...ends } as const
  return [{ kind: 'banner', sessionId, banner }, ...staying]
}

/** What must be in sight for as long as it is so. */
export function stayingBanner(seated: Seated, nowMs: number): readonly Effect[] {
  const { sessionId, name, emergency, isAlone } = seated
  if (emergency) {
    const { reason, untilMs } = emergency
    const leftMs = Math.max(0, untilMs - nowMs)
    const banner = { kind: 'emergency', name, reason, leftMs, ...backMarks(seated) } as const
    return [{ kind: 'banner', sessionId, banner }]
  }
  return isAlone ? [{ kind: 'banner', sessionId, banner: { kind: 'alone', name } }] : []
}

/** That a broker is back while what stands in for the chart is still there. */
function backMarks({ isAlone, isDowntime, told, card }: Seated) {
  if (isAlone || !isDowntime || told !== undefined) return {}
  return { isDowntime, ...(card ? { hasBadge: true as const } : {}) }
}

/**
 * Whoever reads a chart learns that no broker answers, and what that means for her. What stays over
 * an emergency, or over what was opened alone, says more than that and keeps its place. A chart on
 * its way bears nothing yet.
 */
export function tellDown(state: State, nowMs: number): Step {
  const { phase, linkDownSinceMs: since } = state
  const seated = seatedOf(phase)
  if (!seated || phase.kind === 'opening' || seated.isAlone) return stay(state)
  // Its words say nothing of the network but that it is back, where they do.
  if (seated.emergency && !seated.isDowntime) return stay(state)
  if (since === undefined || nowMs - since < tellDownMs) return stay(state)
  const told = mayDecideAlone(state, nowMs) ? 'alone' : 'cut-off'
  if (seated.told === told) return stay(state)
  const { sessionId, name } = seated
  return go(
    state,
    reseat(phase, (one) => ({ ...one, told })),
    seated.emergency
      ? stayingBanner({ ...seated, told }, nowMs)
      : [{ kind: 'banner', sessionId, banner: { kind: told, name } }],
  )
}

/** A broker is there again: said where it was said that there was none. */
export function tellBack(state: State, nowMs: number): Step {
  const seated = seatedOf(state.phase)
  if (seated?.told === undefined) return stay(state)
  const { told: _said, ...back } = seated
  return go(
    state,
    reseat(state.phase, () => back),
    seated.emergency ? stayingBanner(back, nowMs) : [backBanner(seated)],
  )
}

export function backBanner({ sessionId, name, isDowntime }: Seated): Effect {
  const banner = { kind: 'confirmed', name, ...(isDowntime ? { isDowntime } : {}) } as const
  return { kind: 'banner', sessionId, banner }
}
