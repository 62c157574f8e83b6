// What a broker would have said to a decision that a workstation made by itself, as far as it can
// be known afterwards; and whether it can have been made at all. Pure.

import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import type { OfflineEntryOf } from '@wardkey/protocol/workstation/offline-entries'
import type { HeldAccess } from '../../identity/access-facts.ts'
import type { HouseMode } from '../../policy/cedar/policy-question.ts'
import type { Zone } from '../../policy/zone-settings.ts'
import type { Schema } from '../../store/schema.ts'
import { refusalIn } from '../bundles/decided-beforehand.ts'
import type { Rostered } from '../bundles/roster-bytes.ts'
import type { HouseRules } from '../house-book.ts'
import type { StandingSession } from './standing.ts'

export interface JudgedBundle {
  readonly zoneId: string
  readonly issuedMs: number
  readonly expiresMs: number
}

export interface DecisionFacts {
  readonly journalId: string
  readonly workstationId: WorkstationId
  /** How far its clock was off when it told this; nothing where it was not. */
  readonly clockAheadMs?: number | undefined
  readonly zone: Zone & { readonly changedMs: number; readonly mode: HouseMode }
  /** What it says it decided with; nothing where it was never given that. */
  readonly bundle: JudgedBundle | undefined
  /** What that bundle said of her; nothing where she was not in it. */
  readonly rostered: Rostered | undefined
  readonly person: JudgedPerson | undefined
  /** As they are now: what was in force then is not asked again. */
  readonly house: HouseRules
  readonly session:
    Pick<Schema['session'], 'workstation_id' | 'person_id' | 'journal_id' | 'grant_id'> | undefined
  /** Opened by this very journal, in lines that are not in the books yet. */
  readonly own: Pick<StandingSession, 'personId'> | undefined
  /** The session is an emergency's, in the books or in this journal. */
  readonly isEmergency: boolean
  /** Who spoke for her in an emergency, if anybody did. */
  readonly witness: {
    /** What the bundle said of her; nothing where she was not in it. */
    readonly rostered: Rostered | undefined
    readonly person: JudgedPerson | undefined
  }
  /** She was somewhere else then, by the books. */
  readonly isElsewhere: boolean
}

export interface JudgedPerson {
  readonly id: PersonId
  readonly status: Schema['person']['status']
  readonly roles: readonly string[]
  readonly access: HeldAccess
  readonly version: number
  /** Since when status and roles are as they are. */
  readonly accessMs: number
  readonly pinSetMs: number
  /** When one of her badges was last suspended, lost, replaced or expired. */
  readonly badgeGoneMs: number
  readonly hasUsableBadge: boolean
}

/** It cannot have happened so: written down, looked at, and nothing follows from it. */
export type Unsound =
  | 'incomplete'
  | 'bundle-unknown'
  | 'person-not-in-bundle'
  | 'refused-in-bundle'
  | 'session-not-here'
/** It happened, and with what a broker knew it would have gone otherwise. */
export type Otherwise =
  | 'bundle-expired'
  | 'person-not-active'
  | 'badge-not-usable'
  | 'role-not-in-zone'
  | 'not-permitted'
  | 'zone-changed'
  | 'pin-changed'
  | 'open-elsewhere'

/** Brokers' and workstations' clocks differ a little. */
const clockSlackMs = 2000

export function findUnsound(
  entry: OfflineEntryOf<'decided'>,
  facts: DecisionFacts,
): Unsound | undefined {
  const { bundle, rostered } = facts
  if (entry.personId === undefined || entry.sessionId === undefined) return 'incomplete'
  // How weakly she was known must be told with it.
  if (entry.choice !== undefined && entry.by === undefined) return 'incomplete'
  if (!bundle) return 'bundle-unknown'
  if (!rostered || !facts.person) return 'person-not-in-bundle'
  const mayBe = entry.choice === undefined ? rostered.isAllowed : rostered.mayBreakGlass
  if (!mayBe) return 'refused-in-bundle'
  return isHers(entry, facts) ? undefined : 'session-not-here'
}

/**
 * A new session, one of this journal, or one that a broker had opened here for the same person. An
 * emergency is always a new one, and comes back as nothing.
 */
function isHers(
  entry: OfflineEntryOf<'decided'>,
  { session, own, isEmergency, workstationId, journalId }: DecisionFacts,
): boolean {
  if (entry.choice !== undefined) return !session && !own && !isEmergency && !entry.isResumed
  if (isEmergency) return false
  if (!session) return entry.isResumed !== true || own?.personId === entry.personId
  const isSame = session.workstation_id === workstationId && session.person_id === entry.personId
  return isSame && (entry.isResumed === true || session.journal_id === journalId)
}

/** `atMs` is when it happened, within what can be. All that would have spoken against it. */
export function findOtherwise(
  entry: OfflineEntryOf<'decided'>,
  atMs: number,
  facts: DecisionFacts,
): readonly Otherwise[] {
  const { bundle, person, zone } = facts
  if (!bundle || !person) return []
  const reasons: Otherwise[] = []
  const isLate = atMs > bundle.expiresMs + clockSlackMs
  if (isLate || entry.bundleAgeMs > bundle.expiresMs - bundle.issuedMs) {
    reasons.push('bundle-expired')
  }
  reasons.push(...accessReasons(entry, atMs, bundle, person, facts))
  if (isWithin(person.badgeGoneMs, bundle, atMs)) reasons.push('badge-not-usable')
  if (bundle.zoneId !== zone.id) reasons.push('zone-changed')
  if (entry.pinAtMs !== undefined && isWithin(person.pinSetMs, bundle, entry.pinAtMs)) {
    reasons.push('pin-changed')
  }
  if (facts.isElsewhere && zone.settings.screensMax === 1) reasons.push('open-elsewhere')
  return reasons
}

/**
 * The bundle let her in, so that a no of now came later: before the decision, and then it counts,
 * or after it, and then the decision was right. Where either may be, it is looked at.
 */
function accessReasons(
  { choice }: OfflineEntryOf<'decided'>,
  atMs: number,
  bundle: JudgedBundle,
  person: JudgedPerson,
  { zone, house }: DecisionFacts,
): readonly Otherwise[] {
  const refusal = refusalIn(zone, person, atMs, house, 'normal')
  const isPersons = isWithin(person.accessMs, bundle, atMs)
  const isGone = refusal === 'access-over' || refusal === 'access-not-begun'
  if (refusal === 'person-not-active' || isGone) {
    // Emergency access is for those on leave too; not for who is suspended or gone.
    const isForAll = !isGone && choice !== undefined && person.status === 'on-leave'
    return isPersons && !isForAll ? ['person-not-active'] : []
  }
  if (refusal === undefined || choice !== undefined) return []
  const isRules = [zone.changedMs, house.sinceMs].some((ms) => isWithin(ms, bundle, atMs))
  if (!isPersons && !isRules) return []
  return [refusal === 'role-not-in-zone' ? 'role-not-in-zone' : 'not-permitted']
}

/** Not known to the bundle for sure, and no later than the decision. */
function isWithin(changedMs: number, { issuedMs }: JudgedBundle, atMs: number): boolean {
  return changedMs >= issuedMs && changedMs <= atMs
}
