// A chart on its way met a broker that did not answer: its steps are asked for once more, a few
// times and within the time that the chart has anyhow. Only for the session that is opening here.

import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { againMax, againMs } from '../limits.ts'
import { go, stay } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { PhaseOf, State } from '../state.ts'

/**
 * Nothing where it is not asked for again: what was decided alone leads to no broker, and one that
 * was cut so often is not waited for.
 */
export function onWayCut(state: State, phase: PhaseOf<'opening'>, nowMs: number): Step | undefined {
  const tries = (phase.again?.tries ?? 0) + 1
  if (phase.seated.isAlone || tries > againMax) return undefined
  return go(state, { ...phase, stage: '', again: { tries, askMs: nowMs + againMs * tries } })
}

/** Asked of whichever broker answers by now; the link keeps the question until one does. */
export function askSteps(state: State, phase: PhaseOf<'opening'>, nowMs: number): Step {
  const { again, tapId, seated } = phase
  if (again?.askMs === undefined || nowMs < again.askMs) return stay(state)
  const { sessionId } = seated
  return go(state, { ...phase, again: { tries: again.tries, isAsked: true } }, [
    { kind: 'send-launch-again', tapId, sessionId },
  ])
}

/** Nothing where these are not the steps that were asked for. */
export function onStepsAgain(
  state: State,
  { tapId, sessionId, steps }: BrokerFrameOf<'admitted'>,
): Step | undefined {
  const { phase } = state
  if (phase.kind !== 'opening' || phase.again?.isAsked !== true) return undefined
  if (phase.tapId !== tapId || phase.seated.sessionId !== sessionId) return undefined
  return go(state, { ...phase, again: { tries: phase.again.tries } }, [
    { kind: 'launch', sessionId, steps },
  ])
}

/** Its windows are gone, and no new ones are under way yet: no word of a launch is about them. */
export function hasNoWindows({ again }: PhaseOf<'opening'>): boolean {
  return again !== undefined && (again.askMs !== undefined || again.isAsked === true)
}
