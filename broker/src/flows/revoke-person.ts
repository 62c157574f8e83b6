// A person's access ends, for a while or for good: in one act her sessions end, her screens lock,
// her grace is void, and when she has left for good her badges, her PIN and her staff number too.

import type { PersonId } from '@wardkey/protocol/ids'
import { changePersonRow, findPerson } from '../identity/people.ts'
import { newFact } from './flow-needs.ts'
import { endAccess } from './person-ending.ts'
import { refuseChange } from './person-flow.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from './person-flow.ts'
import type { Recorded } from './recorded.ts'

export interface Revocation extends Actor {
  readonly personId: PersonId
  /** `on-leave` and `suspended` keep badges and PIN for the return; `terminated` keeps nothing. */
  readonly status: 'on-leave' | 'suspended' | 'terminated'
}

/**
 * The person's row goes first: a tap or a PIN that is under way elsewhere either comes before it,
 * and what it opened is ended here, or conflicts with it and is refused. Revoking twice is not an
 * error.
 *
 * A suspension is also a hold: HR's next `active` does not lift it (decision 0026).
 */
export async function revokePerson(
  revocation: Revocation,
  needs: PersonFlowNeeds,
): Promise<Recorded<{ readonly kind: 'revoked'; readonly sessions: number } | AdminRefused>> {
  const { db } = needs
  const { status, by } = revocation
  const about = { person: revocation.personId, by }
  const person = await findPerson(db, revocation.personId)
  if (!person) return refuseChange('PER-101', 'person-unknown', about, needs)
  // Termination is for good: a later leave of absence would bring her badges' owner back to life.
  if (person.status === 'terminated' && status !== 'terminated') {
    return refuseChange('PER-101', 'person-forgotten', about, needs)
  }
  const isForGood = status === 'terminated'
  const ended = await endAccess({ personId: person.id, by, isForGood }, needs)
  const nowMs = needs.nowMs()
  // A leave is the softer word: whoever says it has let go of the hold.
  const heldMs = status === 'on-leave' ? null : (person.heldMs ?? nowMs)
  return {
    answer: { kind: 'revoked', sessions: ended.sessions },
    facts: [
      newFact(needs, 'PER-003', { person: person.id, fields: { by, status } }),
      ...ended.facts,
    ],
    writes: [changePersonRow(db, person, { status, heldMs, nowMs }), ...ended.writes],
    notices: ended.notices,
  }
}
