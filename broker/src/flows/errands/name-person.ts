// Whom an errand is for: by her own badge, or by the number that HR knows her by. A number is
// looked up for a colleague who may ask, and for nobody else.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findBadge } from '../../identity/badges.ts'
import { badgeStatusAt, findCardHolder, findHolder } from '../../identity/find-card-holder.ts'
import { findByStaffNumber, staffLookup } from '../../identity/staff-number.ts'
import { termAt } from '../../policy/access-standing.ts'
import type { Recorded } from '../recorded.ts'
import { askStep, factOf, refuseErrand } from './errand-answers.ts'
import type { ErrandNeeds } from './errand-answers.ts'
import { lastWitness, witnessesOf } from './errand.ts'
import type { Errand } from './errand.ts'
import { mayBeFound } from './found-badge.ts'
import { goOn, takeStrike } from './proved-pin.ts'

/** For a PIN to be changed, or a badge that was found. */
export async function showOwnBadge(
  errand: Errand,
  card: CardClaim,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const holder = await findCardHolder(needs.db, lookupOf(card, needs.cardKey))
  const badge = holder && (await findBadge(needs.db, holder.badgeId))
  const nowMs = needs.nowMs()
  const isUsable = holder && badgeStatusAt(holder, nowMs) === 'active'
  const hasWitness = errand.workstation.zone.settings.witnessRoles.length > 0
  const isFound = badge && mayBeFound(badge, nowMs, hasWitness)
  const isRight = errand.kind === 'found' ? isFound : badge && isUsable
  if (!holder || !isRight || holder.personStatus !== 'active') {
    const facts = [factOf(errand, 'ERD-101', needs, {}, 'badge-is-hers')]
    const code = holder ? 'badge-not-usable' : 'badge-unknown'
    return takeStrike(errand, 'badge', { code }, { facts, writes: [] }, needs)
  }
  const wasLost = holder.badgeStatus === 'lost'
  const proofs = { ...errand.proofs, isNamed: true, wasLost }
  const next = { ...errand, subject: holder, badgeId: holder.badgeId, proofs }
  return goOn(next, card, { facts: [factOf(next, 'ERD-001', needs)], writes: [] }, needs)
}

/** Of a badge that is lost nothing is told but what follows from the PIN. */
export async function nameByNumber(
  errand: Errand,
  staffNumber: string,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { db } = needs
  const person = await findByStaffNumber(db, staffLookup(staffNumber, needs.staffKey))
  const subject = person && (await findHolder(db, person))
  const proofs = { ...errand.proofs, isNamed: true }
  if (errand.kind === 'lost') {
    const next = { ...errand, subject, proofs }
    return askStep(next, 'pin', { facts: [factOf(next, 'ERD-001', needs)], writes: [] }, needs)
  }
  if (!subject) {
    const facts = [factOf(errand, 'ERD-103', needs)]
    return takeStrike(errand, 'number', {}, { facts, writes: [] }, needs)
  }
  const next = { ...errand, subject, proofs }
  const facts = [factOf(next, 'ERD-003', needs, { witness: witnessesOf(errand) })]
  const isWithin = termAt(subject.access, needs.nowMs()) === 'within'
  if (subject.personStatus !== 'active' || !isWithin) {
    const refusal = { rule: 'person-is-active', code: 'person-not-active' } as const
    return refuseErrand(next, refusal, { facts, writes: [] }, needs)
  }
  if (errand.proofs.witnesses.some(({ personId }) => personId === subject.personId)) {
    const refusal = { rule: 'witness-is-another', code: 'witness-not-usable' } as const
    return refuseErrand(next, refusal, { facts, writes: [] }, needs)
  }
  return goOn(next, undefined, { facts, writes: [] }, needs)
}

/** She has the badge in her hand that is to be hers; or it is somebody else's wish, and not done. */
export async function confirmInHand(
  errand: Errand,
  shown: CardClaim,
  card: CardClaim | undefined,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  if (lookupOf(shown, needs.cardKey) === errand.lookup) return confirmName(errand, card, needs)
  const facts = [factOf(errand, 'ERD-101', needs, {}, 'badge-is-in-hand')]
  return takeStrike(errand, 'confirm', { code: 'badge-unknown' }, { facts, writes: [] }, needs)
}

/** Whoever spoke last for her has seen the name, and says with her own badge that it is the one. */
export async function confirmByBadge(
  errand: Errand,
  shown: CardClaim,
  card: CardClaim | undefined,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const witness = lastWitness(errand)
  const holder = await findCardHolder(needs.db, lookupOf(shown, needs.cardKey))
  const isHers = witness !== undefined && holder?.badgeId === witness.badgeId
  if (isHers && badgeStatusAt(holder, needs.nowMs()) === 'active') {
    return confirmName(errand, card, needs)
  }
  const fields = holder ? { witness: holder.personId, witnessBadge: holder.badgeId } : {}
  const facts = [factOf(errand, 'ERD-102', needs, fields, 'witness-confirms')]
  const about = { code: 'witness-not-usable' } as const
  return takeStrike(errand, 'confirm', about, { facts, writes: [] }, needs)
}

export function confirmName(
  errand: Errand,
  card: CardClaim | undefined,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const next = { ...errand, proofs: { ...errand.proofs, isConfirmed: true } }
  const facts = [factOf(next, 'ERD-003', needs, { isConfirmed: true })]
  return goOn(next, card, { facts, writes: [] }, needs)
}
