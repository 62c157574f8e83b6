// Answers of a workstation that decides alone, in the broker's own words, so that the machine takes
// them as it takes a broker's. Pure, but for the id that each is handed.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { MessageId, SessionId, TapId } from '@wardkey/protocol/ids'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { failuresBeforeLock } from '@wardkey/protocol/workstation/pin-lock'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'

/** Of an answer: what every one of them has. */
export interface AnswerTo {
  readonly id: MessageId
  readonly tapId: TapId
}

export const pinAnswerMs = 30_000
export const witnessAnswerMs = 90_000
/** What waits longer says no time: only a new PIN helps. */
const retryMaxMs = 86_400_000

export function refusedFrame(
  { id, tapId }: AnswerTo,
  code: RefusalCode,
  retryAfterMs?: number,
): BrokerFrameOf<'refused'> {
  const isTold = retryAfterMs !== undefined && retryAfterMs <= retryMaxMs
  const wait = isTold ? { retryAfterMs: Math.max(0, Math.ceil(retryAfterMs)) } : {}
  return { kind: 'refused', id, tapId, code, quote: quoteOf(tapId), ...wait }
}

export function askPinFrame(
  { id, tapId }: AnswerTo,
  asked: { readonly name: string | undefined; readonly failures: number; readonly again: boolean },
): BrokerFrameOf<'ask-pin'> {
  const { name, failures, again } = asked
  const triesLeft = Math.max(1, failuresBeforeLock - failures)
  return {
    kind: 'ask-pin',
    id,
    tapId,
    again,
    answerWithinMs: pinAnswerMs,
    ...(name === undefined ? {} : { name }),
    ...(failures > 0 ? { triesLeft } : {}),
  }
}

export function askWitnessFrame(
  { id, tapId }: AnswerTo,
  { nameShown: name }: Pick<OfflinePerson, 'nameShown'>,
  again: boolean,
): BrokerFrameOf<'ask-witness'> {
  const named = name === undefined ? {} : { name }
  return { kind: 'ask-witness', id, tapId, again, answerWithinMs: witnessAnswerMs, ...named }
}

export function admittedFrame(
  { id, tapId }: AnswerTo,
  { name, role }: Pick<OfflinePerson, 'name' | 'role'>,
  opened: {
    readonly sessionId: SessionId
    readonly steps: readonly LaunchStep[]
    readonly emergency?: { readonly reason: string; readonly lastsMs: number }
  },
): BrokerFrameOf<'admitted'> {
  const { sessionId, steps, emergency } = opened
  const marked = emergency ? { emergency } : {}
  return { kind: 'admitted', id, tapId, sessionId, name, role, steps: [...steps], ...marked }
}
