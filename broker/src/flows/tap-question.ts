// What a tap is, what deciding it leans on, and the question for the PIN that it may end in.

import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { failuresBeforeLock, triesLeft } from '@wardkey/protocol/workstation/pin-lock'
import type { CardHolder } from '../identity/find-card-holder.ts'
import { decideTap } from '../policy/decide-tap.ts'
import type { Decision } from '../policy/decide-tap.ts'
import type { AdmitNeeds } from './admit.ts'
import type { Workstation } from './find-workstation.ts'
import { newMessageId } from './flow-needs.ts'
import { nameOf } from './land.ts'

export interface Tap {
  readonly tapId: TapId
  readonly workstationId: WorkstationId
  readonly card: CardClaim
}

export interface TapInNeeds extends AdmitNeeds {
  /** The key of the look-up hash of cards. */
  readonly cardKey: Uint8Array
  /** How long the PIN may take to be typed. */
  readonly pinAnswerMs: number
}

/** Whose card, at which workstation. */
export interface TapSubject {
  readonly workstation: Workstation
  readonly holder: CardHolder
}

/** The policy's question, from what is known of card, person and workstation. */
export function decideFor(
  { holder, workstation }: TapSubject,
  isPinProved: boolean,
  nowMs: number,
): Decision {
  return decideTap({
    nowMs,
    person: { status: holder.personStatus, roles: holder.roles },
    badge: { status: holder.badgeStatus, assurance: holder.assurance },
    hasPin: holder.hasPin,
    pinLockedUntilMs: holder.pinLockedUntilMs,
    zone: workstation.zone,
    workstation,
    grace: holder.grace,
    isPinProved,
  })
}

/** The question for the PIN, as the lock screen may show it to whoever stands there. */
export async function askPinFrame(
  tapId: TapId,
  { holder, workstation }: TapSubject,
  asked: {
    readonly isAgain: boolean
    readonly failures: number
    readonly answerWithinMs: number
  },
  needs: TapInNeeds,
): Promise<BrokerFrameOf<'ask-pin'>> {
  const name = await nameOf(holder, workstation.zone.settings.nameShown, needs)
  return {
    kind: 'ask-pin',
    id: newMessageId(needs),
    tapId,
    ...(name === undefined ? {} : { name }),
    ...(asked.failures > 0
      ? { triesLeft: Math.min(failuresBeforeLock, triesLeft(asked.failures)) }
      : {}),
    again: asked.isAgain,
    answerWithinMs: Math.max(0, Math.ceil(asked.answerWithinMs)),
  }
}
