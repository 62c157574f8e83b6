// What a broker would have said to an emergency access that a workstation gave by itself, as far as
// it can be known afterwards. Pure.

import type { OfflineEntryOf } from '@wardkey/protocol/workstation/offline-entries'
import { termAt } from '../../policy/access-standing.ts'
import { maySpeakInEmergency } from '../../policy/emergency-witness.ts'
import type { DecisionFacts, JudgedPerson } from './judge-decision.ts'

/** It was given, and with what a broker knew it would not have been, or not so. */
export type EmergencyOtherwise =
  | 'emergency-not-offered'
  | 'witness-missing'
  | 'witness-is-herself'
  | 'witness-not-in-bundle'
  | 'witness-not-active'
  | 'witness-badge-not-usable'
  | 'witness-role-may-not'

export function findEmergencyOtherwise(
  entry: OfflineEntryOf<'decided'>,
  atMs: number,
  facts: Pick<DecisionFacts, 'bundle' | 'zone' | 'person' | 'witness' | 'house'>,
): readonly EmergencyOtherwise[] {
  const { choice, personId, witnessId } = entry
  if (!choice || !facts.bundle) return []
  const offer = isOffered(entry, atMs, facts) ? [] : (['emergency-not-offered'] as const)
  if (witnessId === undefined) {
    return isWitnessNeeded(entry, atMs, facts) ? [...offer, 'witness-missing'] : offer
  }
  if (witnessId === personId) return [...offer, 'witness-is-herself']
  const { rostered, person } = facts.witness
  if (!rostered || !person) return [...offer, 'witness-not-in-bundle']
  const isHere = person.status === 'active' && termAt(person.access, atMs) === 'within'
  const isGone = !isHere && person.accessMs <= atMs
  const { issuedMs } = facts.bundle
  const isBadgeGone = person.badgeGoneMs >= issuedMs && person.badgeGoneMs <= atMs
  return [
    ...offer,
    ...(isGone ? (['witness-not-active'] as const) : []),
    ...(isBadgeGone ? (['witness-badge-not-usable'] as const) : []),
    ...(mayWitness(person, atMs, facts) ? [] : (['witness-role-may-not'] as const)),
  ]
}

/** What changed after it says nothing of it. */
function mayWitness(
  person: JudgedPerson,
  atMs: number,
  { zone, house }: Pick<DecisionFacts, 'zone' | 'house'>,
): boolean {
  if ([person.accessMs, zone.changedMs, house.sinceMs].some((ms) => ms > atMs)) return true
  return maySpeakInEmergency(zone, person, { ...house, nowMs: atMs })
}

/** By policy/decide-break-glass: whenever who she is was shown weakly. */
function isWitnessNeeded(
  entry: OfflineEntryOf<'decided'>,
  atMs: number,
  { zone, person }: Pick<DecisionFacts, 'zone' | 'person'>,
): boolean {
  if (entry.by === 'staff-number' || !isPinProvedBy(entry)) return true
  if (person?.status === 'on-leave' && person.accessMs <= atMs) return true
  return zone.settings.emergency.witness === 'always' && zone.changedMs <= atMs
}

/** Rules that came after it say nothing of it. */
function isOffered(
  { choice }: OfflineEntryOf<'decided'>,
  atMs: number,
  { zone }: Pick<DecisionFacts, 'zone'>,
): boolean {
  if (zone.changedMs > atMs) return true
  const { offered, reasons } = zone.settings.emergency
  const reason = reasons.find(({ code }) => code === choice?.reason)
  return offered && reason !== undefined && !(reason.asksNote && choice?.note === undefined)
}

/** For this very opening, on the line’s own clock: an earlier PIN proves nothing here. */
export function isPinProvedBy({ pinAtMs = 0, atMs }: OfflineEntryOf<'decided'>): boolean {
  return pinAtMs >= atMs
}
