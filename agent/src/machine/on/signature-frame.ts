// A signature's way as the broker leads it: asked on the open screen, badge, PIN, ended. It never
// changes whose session it is, and never opens a screen that was not open.

import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { signMs } from '../limits.ts'
import { comeBack, go, stay } from '../moves.ts'
import type { Step } from '../moves.ts'
import type { State } from '../state.ts'

/** Only on the open screen of that session, and never over another signature. */
export function onAskSignature(
  state: State,
  frame: BrokerFrameOf<'ask-signature'>,
  nowMs: number,
): Step {
  const { phase } = state
  const { ceremonyId, sessionId, description, application } = frame
  if (phase.kind === 'signing' && phase.ceremonyId === ceremonyId) return stay(state)
  if (phase.kind !== 'open' || phase.seated.sessionId !== sessionId) {
    return { state, effects: [{ kind: 'send-sign-cancel', ceremonyId, reason: 'locked' }] }
  }
  return go(
    state,
    {
      kind: 'signing',
      seated: phase.seated,
      ceremonyId,
      description,
      application,
      signing: { step: 'badge', wrongBadge: false },
      untilMs: nowMs + Math.min(signMs, frame.answerWithinMs),
      lastSignMs: phase.lastSignMs,
    },
    [{ kind: 'cover', sessionId }],
  )
}

/** The PIN is asked only after a badge was shown for this very signature. */
export function onAskSignaturePin(
  state: State,
  { ceremonyId, again, triesLeft }: BrokerFrameOf<'ask-signature-pin'>,
): Step {
  const { phase } = state
  if (phase.kind !== 'signing' || phase.ceremonyId !== ceremonyId) return stay(state)
  if (phase.signing.step === 'badge') return stay(state)
  return go(state, {
    ...phase,
    signing: { step: 'pin', again, ...(triesLeft === undefined ? {} : { triesLeft }) },
  })
}

/** Signed or not, the chart comes back: the EHR says the rest on its own page. */
export function onSignatureEnded(
  state: State,
  frame: BrokerFrameOf<'signature-ended'>,
  nowMs: number,
): Step {
  const { phase } = state
  if (phase.kind !== 'signing' || phase.ceremonyId !== frame.ceremonyId) return stay(state)
  if (!frame.isOver) {
    const wrongBadge = frame.code === 'step-up-wrong-person'
    return go(state, { ...phase, signing: { step: 'badge', wrongBadge } })
  }
  return comeBack(state, phase.seated, phase.lastSignMs, nowMs)
}
