// A person's access ends, for a while or for good: in one act her sessions end, her screens lock,
// her grace is void, and when she has left for good her badges, her PIN and her staff number too.

import type { PersonId } from '@wardkey/protocol/ids'
import { badgesOf, markBadgeRow } from '../identity/badges.ts'
import { changePersonRow, findPerson } from '../identity/people.ts'
import { dropStaffNumber } from '../identity/staff-number.ts'
import { clearGrace } from '../sessions/grace.ts'
import { sessionsOfPerson } from '../sessions/living-session.ts'
import { endHere } from './end-here.ts'
import { newFact } from './flow-needs.ts'
import { refuseChange } from './person-flow.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { screensFirst } from './session-notices.ts'

export interface Revocation extends Actor {
  readonly personId: PersonId
  /** `on-leave` and `suspended` keep badges and PIN for the return; `terminated` keeps nothing. */
  readonly status: 'on-leave' | 'suspended' | 'terminated'
}

/**
 * The person's row goes first: a tap or a PIN that is under way elsewhere either comes before it,
 * and what it opened is ended here, or conflicts with it and is refused. Revoking twice is not an
 * error.
 */
export async function revokePerson(
  revocation: Revocation,
  needs: PersonFlowNeeds,
): Promise<Recorded<{ readonly kind: 'revoked'; readonly sessions: number } | AdminRefused>> {
  const { db } = needs
  const { status } = revocation
  const about = { person: revocation.personId, by: revocation.by }
  const person = await findPerson(db, revocation.personId)
  if (!person) return refuseChange('PER-101', 'person-unknown', about, needs)
  // Termination is for good: a later leave of absence would bring her badges' owner back to life.
  if (person.status === 'terminated' && status !== 'terminated') {
    return refuseChange('PER-101', 'person-forgotten', about, needs)
  }
  const ending = { reason: 'revoked', because: 'revoked', code: 'person-not-active' } as const
  const sessions = await sessionsOfPerson(db, person.id)
  const ended = sessions.map((session) => endHere(session, ending, needs))
  const leaving = status === 'terminated' ? await voidFactors(revocation, needs) : noFactors
  return {
    answer: { kind: 'revoked', sessions: sessions.length },
    facts: [
      newFact(needs, 'PER-003', { person: person.id, fields: { by: revocation.by, status } }),
      ...ended.flatMap(({ facts }) => facts),
      ...leaving.facts,
    ],
    writes: [
      changePersonRow(db, person, { status, nowMs: needs.nowMs() }),
      clearGrace(db, person.id),
      ...ended.flatMap(({ writes }) => writes),
      ...leaving.writes,
    ],
    notices: [
      ...screensFirst(ended.flatMap(({ notices }) => notices)),
      { kind: 'person-revoked', personId: person.id },
    ],
  }
}

type Factors = Pick<Recorded<unknown>, 'writes'> & {
  readonly facts: readonly ReturnType<typeof newFact>[]
}

const noFactors: Factors = { writes: [], facts: [] }

async function voidFactors({ personId, by }: Revocation, needs: PersonFlowNeeds): Promise<Factors> {
  const { db } = needs
  const nowMs = needs.nowMs()
  const held = (await badgesOf(db, personId)).filter(
    ({ status }) => status !== 'replaced' && status !== 'expired',
  )
  const pin = db.deleteFrom('pin').where('person_id', '=', personId).compile()
  return {
    facts: held.map((badge) =>
      newFact(needs, 'BDG-002', {
        person: personId,
        badge: badge.id,
        fields: { by, status: 'expired' },
      }),
    ),
    writes: [
      ...held.map((badge) => markBadgeRow(db, badge, 'expired', nowMs)),
      { query: pin },
      dropStaffNumber(db, personId),
    ],
  }
}
