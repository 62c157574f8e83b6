// What ends with a person's access: her sessions with their screens, tokens that give her powers,
// and, when she has left for good, her badges, her PIN and her staff number.

import type { PersonId } from '@wardkey/protocol/ids'
import type { Fact } from '../audit/fact.ts'
import { badgesOf, markBadgeRow } from '../identity/badges.ts'
import { dropStaffNumber } from '../identity/staff-number.ts'
import { clearGrace } from '../sessions/grace.ts'
import { sessionsOfPerson } from '../sessions/living-session.ts'
import type { Write } from '../store/store.ts'
import { endHere } from './end-here.ts'
import { endAllExceptions } from './exceptions/end-all-exceptions.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Actor } from './person-flow.ts'
import type { Notice } from './recorded.ts'
import { screensFirst } from './session-notices.ts'
import { endTokensOf } from './token-grants/token-maker.ts'

export interface Ended {
  readonly sessions: number
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
}

/**
 * Read the person before, and put her row first into the unit: a tap or a PIN that is under way
 * elsewhere either comes before it, and what it opened is ended here, or conflicts with it.
 */
export async function endAccess(
  { personId, by, isForGood }: Actor & { personId: PersonId; isForGood: boolean },
  needs: FlowNeeds,
): Promise<Ended> {
  const { db } = needs
  const ending = { reason: 'revoked', because: 'revoked', code: 'person-not-active' } as const
  const sessions = await sessionsOfPerson(db, personId)
  const ended = sessions.map((session) => endHere(session, ending, needs))
  const tokens = await endTokensOf({ personId, by, isForGood }, needs)
  const leaving = isForGood ? await voidFactors({ personId, by }, needs) : noFactors
  return {
    sessions: sessions.length,
    facts: [...ended.flatMap(({ facts }) => facts), ...tokens.facts, ...leaving.facts],
    writes: [
      clearGrace(db, personId),
      ...ended.flatMap(({ writes }) => writes),
      ...tokens.writes,
      ...leaving.writes,
    ],
    notices: [
      ...screensFirst(ended.flatMap(({ notices }) => notices)),
      { kind: 'person-revoked', personId },
    ],
  }
}

type Factors = Pick<Ended, 'writes' | 'facts'>

const noFactors: Factors = { writes: [], facts: [] }

async function voidFactors(
  { personId, by }: Actor & { personId: PersonId },
  needs: FlowNeeds,
): Promise<Factors> {
  const { db } = needs
  const nowMs = needs.nowMs()
  const held = (await badgesOf(db, personId)).filter(
    ({ status }) => status !== 'replaced' && status !== 'expired',
  )
  const exceptions = await endAllExceptions(personId, by, needs)
  const pin = db.deleteFrom('pin').where('person_id', '=', personId).compile()
  return {
    facts: [
      ...held.map((badge) =>
        newFact(needs, 'BDG-002', {
          person: personId,
          badge: badge.id,
          fields: { by, status: 'expired' },
        }),
      ),
      ...exceptions.facts,
    ],
    writes: [
      ...held.map((badge) => markBadgeRow(db, badge, 'expired', nowMs)),
      { query: pin },
      dropStaffNumber(db, personId),
      ...exceptions.writes,
    ],
  }
}
