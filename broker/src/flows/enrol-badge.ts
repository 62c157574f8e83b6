// A card becomes somebody's badge. Refuses what names nobody and what is somebody's already.

import { z } from 'zod'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { BadgeId } from '@wardkey/protocol/ids'
import { cardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { Fact } from '../audit/fact.ts'
import { sealFields } from '../audit/sealed-fields.ts'
import { cardFlaw, findTechnology } from '../identity/badge-technology.ts'
import { isAllowedCard } from '../identity/cards/allowed-cards.ts'
import type { AllowedCard } from '../identity/cards/allowed-cards.ts'
import { insertBadge, isCardTaken, sealCard } from '../identity/badges.ts'
import { findLoanerCard } from '../identity/cards/loaner-cards.ts'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { raisePerson } from '../identity/guard-person.ts'
import { findPerson } from '../identity/people.ts'
import type { Write } from '../store/store.ts'
import { newFact } from './flow-needs.ts'
import { isOwnRecord } from './own-record.ts'
import { refuseChange } from './person-flow.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from './person-flow.ts'
import type { Recorded } from './recorded.ts'

export const badgeEnrolment = z.strictObject({
  personId,
  card: cardClaim,
  /** The card's make, where it is known to be better or worse than its reader lets one think. */
  technology: z.string().max(40).optional(),
})
export type BadgeEnrolment = z.infer<typeof badgeEnrolment>

export interface EnrolBadgeNeeds extends PersonFlowNeeds {
  readonly cardKey: Uint8Array
  /** What the site takes as badges; empty: every card that names somebody. */
  readonly allowedCards: readonly AllowedCard[]
}

export async function enrolBadge(
  enrolment: BadgeEnrolment & Actor,
  needs: EnrolBadgeNeeds,
): Promise<Recorded<{ readonly kind: 'enrolled'; readonly badgeId: BadgeId } | AdminRefused>> {
  const { db } = needs
  const about = { person: enrolment.personId, by: enrolment.by }
  // The card first: whoever asks for somebody unknown with no card at all hears of the card.
  const flaw = badgeFlaw(enrolment, needs.allowedCards)
  if (flaw) return refuseChange('BDG-101', flaw, about, needs)
  const person = await findPerson(db, enrolment.personId)
  if (!person) return refuseChange('BDG-101', 'person-unknown', about, needs)
  if (isOwnRecord(person.id, enrolment.by)) {
    return refuseChange('BDG-101', 'own-record', about, needs)
  }
  const key = await needs.personKeys.find(person.id)
  if (!key || person.status === 'terminated') {
    return refuseChange('BDG-101', 'person-forgotten', about, needs)
  }
  const badge = await newBadge(enrolment, key, needs)
  if (badge.kind === 'refused') return refuseChange('BDG-101', badge.code, about, needs)
  return {
    answer: { kind: 'enrolled', badgeId: badge.badgeId },
    facts: [badge.fact],
    writes: [raisePerson(db, person.id, person.version), badge.write],
    notices: [],
  }
}

export type NewBadge =
  | {
      readonly kind: 'new'
      readonly badgeId: BadgeId
      readonly fact: Fact
      /** Goes into a unit that raises the person's version. */
      readonly write: Write
    }
  | { readonly kind: 'refused'; readonly code: AdminRefused['code'] }

/** A badge for somebody who may have one: its row and its fact, or why the card cannot be hers. */
export async function newBadge(
  enrolment: BadgeEnrolment & Actor,
  key: Uint8Array,
  needs: Pick<EnrolBadgeNeeds, 'db' | 'newId' | 'nowMs' | 'cardKey' | 'allowedCards'>,
  loan?: { readonly cardId: string; readonly endsMs: number },
): Promise<NewBadge> {
  const { db } = needs
  const { card, by, personId: person } = enrolment
  const technology = findTechnology(card, enrolment.technology)
  const flaw = badgeFlaw(enrolment, needs.allowedCards)
  if (flaw || !technology) {
    return { kind: 'refused', code: flaw ?? 'badge-technology-not-known' }
  }
  const lookup = lookupOf(card, needs.cardKey)
  // The index is what holds this; asked first so that the no has a name.
  if (await isCardTaken(db, lookup)) return { kind: 'refused', code: 'badge-taken' }
  // A card of the pool is anybody's next week: it is lent, and never somebody's for good.
  if (!loan && (await findLoanerCard(db, lookup))) return { kind: 'refused', code: 'badge-taken' }
  const id = badgeId.parse(needs.newId())
  const sealed = sealCard(card.canonical, key, id)
  const { name, assurance } = technology
  const fact = newFact(needs, loan ? 'BDG-004' : 'BDG-001', {
    person,
    badge: id,
    fields: { by, technology: name, assurance, ...(loan ? { endsMs: loan.endsMs } : {}) },
  })
  const secret = sealFields({ id: fact.id, person }, { card: card.canonical }, key)
  const nowMs = needs.nowMs()
  return {
    kind: 'new',
    badgeId: id,
    fact: { ...fact, sealed: secret },
    write: insertBadge(db, {
      ...{ id, personId: person, lookup, sealed, technology, nowMs },
      ...(loan ? { loan } : {}),
    }),
  }
}

/** Why a card can be nobody's badge here, whoever asks for it; nothing where it can. */
export function badgeFlaw(
  { card, technology }: Pick<BadgeEnrolment, 'card' | 'technology'>,
  allowed: readonly AllowedCard[],
) {
  const flaw = cardFlaw(card)
  if (flaw) return flaw
  if (!isAllowedCard(card, allowed)) return 'badge-not-allowed' as const
  return findTechnology(card, technology) ? undefined : ('badge-technology-not-known' as const)
}
