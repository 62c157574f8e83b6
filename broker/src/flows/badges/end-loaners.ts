// Loaner badges that came to their end: each goes back to the pool, what it had opened locks, and
// her own badge counts again. Never under an emergency: then the end is put off until that is over.

import type { Kysely } from 'kysely'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { BadgeId, PersonId } from '@wardkey/protocol/ids'
import { badgesOf, findBadge } from '../../identity/badges.ts'
import type { Badge } from '../../identity/badges.ts'
import { putOffEnd } from '../../identity/cards/loaner-cards.ts'
import { raisePerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import { sessionsOfPerson } from '../../sessions/living-session.ts'
import type { Schema } from '../../store/schema.ts'
import { marksOf } from '../errands/marks-of.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { newFact } from '../flow-needs.ts'
import type { Perform } from '../perform.ts'
import type { Recorded } from '../recorded.ts'
import { markBadges } from './mark-badges.ts'

/** In one round; the rest is for the next. */
const endMax = 200
/** Looked at before the end, a few rounds of the sweep: no badge ends under an emergency. */
const aheadMs = 20_000

export async function endLoaners(
  needs: FlowNeeds & { readonly perform: Perform },
): Promise<number> {
  const { db, nowMs } = needs
  const soon = await loanersBefore(db, nowMs() + aheadMs)
  let ended = 0
  for (const { id, endsMs, personId: person } of soon) {
    if (endsMs > nowMs() && (await emergencyUntil(person, needs)) <= endsMs) continue
    await needs.perform(() => endLoaner(id, needs))
    ended += 1
  }
  return ended
}

async function loanersBefore(db: Kysely<Schema>, atMs: number) {
  const rows = await db
    .selectFrom('badge')
    .select(['id', 'person_id', 'ends_ms'])
    .where('ends_ms', '<=', atMs)
    .where('status', 'in', ['active', 'suspended', 'lost'])
    .limit(endMax)
    .execute()
  return rows.map(({ id, person_id: person, ends_ms: endsMs }) => ({
    id: badgeId.parse(id),
    personId: personId.parse(person),
    endsMs: endsMs ?? 0,
  }))
}

/** When the last of her emergencies is over; 0 where she has none. */
async function emergencyUntil(person: PersonId, { db, nowMs }: FlowNeeds): Promise<number> {
  const sessions = await sessionsOfPerson(db, person)
  const ends = sessions.map(({ emergency }) => emergency?.untilMs ?? 0)
  return Math.max(0, ...ends.filter((untilMs) => untilMs > nowMs()))
}

async function endLoaner(id: BadgeId, needs: FlowNeeds): Promise<Recorded<undefined>> {
  const { db } = needs
  const loaner = await findBadge(db, id)
  const person = loaner && (await findPerson(db, loaner.personId))
  const isOver = loaner?.status === 'expired' || loaner?.status === 'replaced'
  if (!person || isOver) {
    const about = { badge: id, fields: { by: 'time', wasOver: true } }
    return { answer: undefined, facts: [newFact(needs, 'BDG-005', about)], writes: [], notices: [] }
  }
  const untilMs = await emergencyUntil(person.id, needs)
  if (untilMs > (loaner.endsMs ?? 0)) return putOff(loaner, person, untilMs, needs)
  const marks = marksOf.loanerOver(await badgesOf(db, person.id), loaner)
  const { facts, writes, notices } = await markBadges(person.id, marks, 'time', needs)
  const [first, ...rest] = facts
  if (!first) throw new Error('a loaner ended, and nothing is to be said of it')
  return {
    answer: undefined,
    facts: [first, ...rest],
    writes: [raisePerson(db, person.id, person.version), ...writes],
    notices,
  }
}

/** Whoever is at a patient by emergency access goes on with the badge that she has. */
function putOff(
  loaner: Badge,
  { id: person, version }: { readonly id: PersonId; readonly version: number },
  untilMs: number,
  needs: FlowNeeds,
): Recorded<undefined> {
  const about = { person, badge: loaner.id, fields: { by: 'emergency', endsMs: untilMs } }
  return {
    answer: undefined,
    facts: [newFact(needs, 'BDG-007', about)],
    writes: [raisePerson(needs.db, person, version), putOffEnd(needs.db, loaner, untilMs)],
    notices: [],
  }
}
