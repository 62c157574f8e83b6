// What the flows that take HR's word share: their needs, the answer, and how a no is written down.

import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { BadgeId, PersonId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BadgeStatus } from '../../identity/badges.ts'
import type { PersonStatus } from '../../identity/people.ts'
import type { RoleRule } from '../../platform/settings-schemas.ts'
import type { EnrolBadgeNeeds } from '../enrol-badge.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { GroupName } from './groups/hr-group-row.ts'
import type { HrPerson } from './hr-person-row.ts'
import type { HrRecord } from './hr-record.ts'

export interface HrNeeds extends EnrolBadgeNeeds {
  /** The key of the look-up hashes of HR's names and ids. */
  readonly hrKey: Uint8Array
  readonly roleRules: readonly RoleRule[]
  /** Who says that HR speaks of somebody who was added by hand (decision 0053). */
  readonly adoptBy: 'administrator' | 'staff-number'
}

/** Which of HR's systems speaks, and by which token. */
export interface HrActor extends Actor {
  readonly client: string
}

/** A card that is to be hers, or what becomes of a badge of hers. */
export type BadgeWish =
  | {
      readonly kind: 'enrol'
      readonly card: CardClaim
      readonly technology?: string
      /** Only where HR says it: a number alone changes nothing about a badge that she has. */
      readonly status?: 'active' | 'suspended' | 'lost'
    }
  | { readonly kind: 'mark'; readonly badgeId: BadgeId; readonly status: BadgeStatus }

export interface HrWord {
  readonly record: HrRecord
  readonly badges: readonly BadgeWish[]
  /** How many attributes came that are not kept: counted, never looked at. */
  readonly dropped: number
}

export type HrOutcome = 'joined' | 'adopted' | 'returned' | 'changed' | 'same' | 'ended'

export interface HrTaken {
  readonly kind: 'taken'
  readonly outcome: HrOutcome
  readonly person: HrPerson
  /** What she is here now. */
  readonly status: PersonStatus
  /** How many sessions ended or locked by it. */
  readonly sessions: number
  /** The groups she is in, where they were looked at for it. */
  readonly groups?: readonly GroupName[]
  /** Badges of hers came, changed or went with it. */
  readonly isBadgeNews: boolean
  /** A badge that HR named by its number only opens nothing, and goes on so. */
  readonly badgeStays?: 'suspended' | 'lost'
}

export interface HrRefused extends AdminRefused {
  /** Who has the name or id already, where somebody has. */
  readonly holder?: PersonId
}

export type HrAnswer = HrTaken | HrRefused

export const hrNo = (code: AdminRefusalCode): HrRefused => ({ kind: 'refused', code })
