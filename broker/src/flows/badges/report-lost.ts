// Somebody tells the service desk that she lost her badge: one act, whichever of hers it was.

import type { BadgeImportRow } from '@wardkey/protocol/admin/badges/badge-import'
import type { PersonId } from '@wardkey/protocol/ids'
import { badgesOf } from '../../identity/badges.ts'
import { raisePerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import { marksOf } from '../errands/marks-of.ts'
import { newFact } from '../flow-needs.ts'
import type { HrNeeds } from '../hr/hr-flow.ts'
import { refuseChange } from '../person-flow.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { badgeOwner } from './badge-owner.ts'
import { markBadges } from './mark-badges.ts'

export interface LostReported {
  readonly kind: 'marked'
  readonly personId: PersonId
  /** How many open nothing any more by it. */
  readonly badges: number
}

export async function reportLost(
  { owner, by }: Pick<BadgeImportRow, 'owner'> & Actor,
  needs: HrNeeds,
): Promise<Recorded<LostReported | AdminRefused>> {
  const { db } = needs
  const id = await badgeOwner(owner, needs)
  const person = id && (await findPerson(db, id))
  if (!person) return refuseChange('BDG-101', 'person-unknown', { by }, needs)
  const marks = marksOf.lost(await badgesOf(db, person.id))
  const { facts, writes, notices } = await markBadges(person.id, marks, by, needs)
  const about = { person: person.id, fields: { by, action: 'badges.lost', badges: marks.length } }
  return {
    answer: { kind: 'marked', personId: person.id, badges: marks.length },
    facts: [newFact(needs, 'ADM-001', about), ...facts],
    writes: [raisePerson(db, person.id, person.version), ...writes],
    notices,
  }
}
