// The pool of loaner cards, as administrators see to it. A card of somebody's is none, and one that
// is given goes on until its end, or ends now where it is taken out of the pool.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { badgeId, personId } from '@wardkey/protocol/ids'
import { findTechnology } from '../../identity/badge-technology.ts'
import { badgesOf, isCardTaken } from '../../identity/badges.ts'
import {
  findLoanerCard,
  insertLoanerCard,
  retireLoanerCard,
} from '../../identity/cards/loaner-cards.ts'
import { raisePerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import { badgeFlaw } from '../enrol-badge.ts'
import type { EnrolBadgeNeeds } from '../enrol-badge.ts'
import { marksOf } from '../errands/marks-of.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { isOwnRecord } from '../own-record.ts'
import { refuseChange } from '../person-flow.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { markBadges } from './mark-badges.ts'

export interface NewLoaner extends Actor {
  readonly card: CardClaim
  readonly technology?: string | undefined
  readonly label: string
}

export async function addLoaner(
  { card, technology, label, by }: NewLoaner,
  needs: EnrolBadgeNeeds,
): Promise<Recorded<{ readonly kind: 'added'; readonly loanerId: string } | AdminRefused>> {
  const { db } = needs
  const flaw = badgeFlaw(
    { card, ...(technology === undefined ? {} : { technology }) },
    needs.allowedCards,
  )
  const known = findTechnology(card, technology)
  if (flaw || !known) {
    return refuseChange('BDG-101', flaw ?? 'badge-technology-not-known', { by }, needs)
  }
  const lookup = lookupOf(card, needs.cardKey)
  if ((await isCardTaken(db, lookup)) || (await findLoanerCard(db, lookup))) {
    return refuseChange('BDG-101', 'badge-taken', { by }, needs)
  }
  const loanerId = needs.newId()
  const row = { id: loanerId, label, lookup, technology: known, nowMs: needs.nowMs() }
  const fields = { by, loaner: loanerId, technology: known.name, isAdded: true }
  return {
    answer: { kind: 'added', loanerId },
    facts: [newFact(needs, 'BDG-006', { fields })],
    writes: [insertLoanerCard(db, row)],
    notices: [],
  }
}

/** Whoever has it now gets her own badge back. */
export async function retireLoaner(
  { loanerId, by }: { readonly loanerId: string } & Actor,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'retired' } | AdminRefused>> {
  const { db } = needs
  const card = await db
    .selectFrom('loaner_card')
    .select('id')
    .where('id', '=', loanerId)
    .where('retired_ms', 'is', null)
    .executeTakeFirst()
  if (!card) return refuseChange('BDG-101', 'badge-unknown', { by }, needs)
  const given = await db
    .selectFrom('badge')
    .select(['id', 'person_id'])
    .where('loaner_card_id', '=', loanerId)
    .where('status', 'in', ['active', 'suspended', 'lost'])
    .executeTakeFirst()
  const person = given && (await findPerson(db, personId.parse(given.person_id)))
  if (person && isOwnRecord(person.id, by)) {
    return refuseChange('BDG-101', 'own-record', { person: person.id, by }, needs)
  }
  const own = person ? await badgesOf(db, person.id) : []
  const loaner = given && own.find(({ id }) => id === badgeId.parse(given.id))
  const ended =
    person && loaner
      ? await markBadges(person.id, marksOf.loanerOver(own, loaner), by, needs)
      : { facts: [], writes: [], notices: [] }
  const fields = { by, loaner: loanerId, isAdded: false }
  return {
    answer: { kind: 'retired' },
    facts: [newFact(needs, 'BDG-006', { fields }), ...ended.facts],
    writes: [
      retireLoanerCard(db, loanerId, needs.nowMs()),
      ...(person ? [raisePerson(db, person.id, person.version)] : []),
      ...ended.writes,
    ],
    notices: ended.notices,
  }
}
