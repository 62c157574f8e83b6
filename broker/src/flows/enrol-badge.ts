// A card becomes somebody's badge. Refuses what names nobody and what is somebody's already.

import { z } from 'zod'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { BadgeId } from '@wardkey/protocol/ids'
import { cardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { sealFields } from '../audit/sealed-fields.ts'
import { cardFlaw, findTechnology } from '../identity/badge-technology.ts'
import { insertBadge, isCardTaken, sealCard } from '../identity/badges.ts'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { raisePerson } from '../identity/guard-person.ts'
import { findPerson } from '../identity/people.ts'
import { newFact } from './flow-needs.ts'
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
}

export async function enrolBadge(
  enrolment: BadgeEnrolment & Actor,
  needs: EnrolBadgeNeeds,
): Promise<Recorded<{ readonly kind: 'enrolled'; readonly badgeId: BadgeId } | AdminRefused>> {
  const { db } = needs
  const { card, by } = enrolment
  const about = { person: enrolment.personId, by }
  const flaw = cardFlaw(card)
  if (flaw) return refuseChange('BDG-101', flaw, about, needs)
  const technology = findTechnology(card, enrolment.technology)
  if (!technology) return refuseChange('BDG-101', 'badge-technology-not-known', about, needs)
  const person = await findPerson(db, enrolment.personId)
  if (!person) return refuseChange('BDG-101', 'person-unknown', about, needs)
  const key = await needs.personKeys.find(person.id)
  if (!key || person.status === 'terminated') {
    return refuseChange('BDG-101', 'person-forgotten', about, needs)
  }
  const lookup = lookupOf(card, needs.cardKey)
  // The index is what holds this; asked first so that the no has a name.
  if (await isCardTaken(db, lookup)) return refuseChange('BDG-101', 'badge-taken', about, needs)
  const id = badgeId.parse(needs.newId())
  const sealed = sealCard(card.canonical, key, id)
  const nowMs = needs.nowMs()
  const { name, assurance } = technology
  const fact = newFact(needs, 'BDG-001', {
    person: person.id,
    badge: id,
    fields: { by, technology: name, assurance },
  })
  const secret = sealFields({ id: fact.id, person: person.id }, { card: card.canonical }, key)
  return {
    answer: { kind: 'enrolled', badgeId: id },
    facts: [{ ...fact, sealed: secret }],
    writes: [
      raisePerson(db, person.id, person.version),
      insertBadge(db, { id, personId: person.id, lookup, sealed, technology, nowMs }),
    ],
    notices: [],
  }
}
