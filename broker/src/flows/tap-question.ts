// What a tap is, what deciding it leans on, and the question for the PIN that it may end in.

import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { failuresBeforeLock, triesLeft } from '@wardkey/protocol/workstation/pin-lock'
import { badgeStatusAt } from '../identity/find-card-holder.ts'
import type { CardHolder, Holder } from '../identity/find-card-holder.ts'
import { decideReturn } from '../policy/decide-break-glass.ts'
import { decideTap } from '../policy/decide-tap.ts'
import type { Decision } from '../policy/decide-tap.ts'
import { rolesAt, termAt } from '../policy/access-standing.ts'
import type { Verdict } from '../policy/cedar/policy-set.ts'
import { sessionsOfPerson } from '../sessions/living-session.ts'
import type { AdmitNeeds } from './admit.ts'
import type { Workstation } from './find-workstation.ts'
import type { House, HouseRules } from './house-book.ts'
import { judgeTap } from './judge-tap.ts'

import { newMessageId } from './flow-needs.ts'
import { nameOf } from './land.ts'

export interface Tap {
  readonly tapId: TapId
  readonly workstationId: WorkstationId
  readonly card: CardClaim
}

export interface EmergencyNeeds {
  /** From the moment it is given. */
  readonly reviewMs: number
  readonly channels: readonly ('webhook' | 'mail')[]
}

export interface TapInNeeds extends AdmitNeeds {
  /** The key of the look-up hash of cards. */
  readonly cardKey: Uint8Array
  /** The key of the look-up hash of staff numbers. */
  readonly staffKey: Uint8Array
  /** How an emergency is reviewed, and by which ways compliance is told of one. */
  readonly emergency: EmergencyNeeds
  /** The written policies and the calendar. */
  readonly house: House
  /** How long the PIN may take to be typed. */
  readonly pinAnswerMs: number
}

/** Whose card, at which workstation. */
export interface TapSubject {
  readonly workstation: Workstation
  readonly holder: CardHolder
}

/** A decision, and what the written policies said for it. */
export interface Decided<Of = Decision> {
  readonly decision: Of
  readonly verdict: Verdict
}

/** The policy's question, from what is known of card, person and workstation. */
export function decideFor(
  about: TapSubject,
  isPinProved: boolean,
  nowMs: number,
  house: HouseRules,
): Decided {
  const { holder, workstation } = about
  const { verdict, standing } = judgeTap(about, nowMs, house)
  const decision = decideTap({
    nowMs,
    person: { status: holder.personStatus, term: standing.term },
    badge: { status: badgeStatusAt(holder, nowMs), assurance: holder.assurance },
    hasPin: holder.hasPin,
    pinLockedUntilMs: holder.pinLockedUntilMs,
    zone: workstation.zone,
    workstation,
    grace: holder.grace,
    verdict,
    isPinProved,
  })
  return { decision, verdict }
}

/**
 * Policy's word, and where that is no, an emergency of hers that still stands at this workstation:
 * she comes back to it with badge and PIN.
 */
export async function decideHere(
  about: TapSubject,
  isPinProved: boolean,
  nowMs: number,
  needs: Pick<TapInNeeds, 'db' | 'house' | 'hasChart'>,
): Promise<Decided> {
  const { db, house } = needs
  const rules = await house(about.workstation.policies)
  const decided = unlessNoChart(decideFor(about, isPinProved, nowMs, rules), about, nowMs, needs)
  if (decided.decision.kind !== 'refuse') return decided
  const { holder, workstation } = about
  const stands = (await sessionsOfPerson(db, holder.personId)).some(
    ({ emergency, workstationId }) =>
      emergency !== undefined && emergency.untilMs > nowMs && workstationId === workstation.id,
  )
  if (!stands) return decided
  const { personStatus } = holder
  const badgeStatus = badgeStatusAt(holder, nowMs)
  const term = termAt(holder.access, nowMs)
  const isPinAtHand = hasPinAtHand(holder, workstation, nowMs)
  const back = decideReturn({ nowMs, personStatus, term, badgeStatus, isPinAtHand, isPinProved })
  return back ? { ...decided, decision: back } : decided
}

/** Where settings name nothing to open for her, nothing is opened, and no PIN asked for it. */
function unlessNoChart(
  decided: Decided,
  { holder, workstation }: TapSubject,
  nowMs: number,
  { hasChart }: Pick<TapInNeeds, 'hasChart'>,
): Decided {
  if (decided.decision.kind === 'refuse') return decided
  const roles = rolesAt(holder.roles, holder.access, nowMs)
  if (hasChart({ roles, isEmergency: false, zoneKind: workstation.zone.kind })) return decided
  return { ...decided, decision: { kind: 'refuse', ...noChart } }
}

/** Not even an emergency opens anything where there is nothing. */
export const noChart = { rule: 'chart-is-set-up', code: 'no-chart-here' } as const

/** She has one, and neither it nor the workstation waits after wrong ones. */
export function hasPinAtHand(holder: Holder, workstation: Workstation, nowMs: number): boolean {
  return holder.hasPin && holder.pinLockedUntilMs <= nowMs && workstation.lockedUntilMs <= nowMs
}

/** The question for the PIN, as the lock screen may show it to whoever stands there. */
export async function askPinFrame(
  tapId: TapId,
  { holder, workstation }: { readonly holder: Holder; readonly workstation: Workstation },
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
