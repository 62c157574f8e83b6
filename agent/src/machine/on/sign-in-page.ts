// The page before the lock screen that an errand waits for: when it is over, and that it goes first
// whenever the errand is left. Pure.

import type { TapId } from '@wardkey/protocol/ids'
import type { Step } from '../moves.ts'
import type { Phase, State } from '../state.ts'
import { onErrandAnswered } from './errand.ts'

/** Where an errand waits for a page before the lock screen: which errand. */
export function pageOf(phase: Phase): TapId | undefined {
  const isOpen = phase.kind === 'errand' && phase.step === 'sign-in' && !phase.isAsking
  return isOpen ? phase.tapId : undefined
}

/** Signed in, given up, or not to be had: the broker says what came of it. */
export function onPageEnded(state: State, tapId: TapId, nowMs: number): Step {
  return onErrandAnswered(state, { by: 'sign-in-ended' }, tapId, nowMs)
}

/**
 * Whatever else comes of a step: where it leaves the errand that waits for a page, that page goes,
 * before anything else.
 */
export function closePage(before: State, after: Step): Step {
  const tapId = pageOf(before.phase)
  if (tapId === undefined || pageOf(after.state.phase) === tapId) return after
  return { state: after.state, effects: [{ kind: 'close-page', tapId }, ...after.effects] }
}
