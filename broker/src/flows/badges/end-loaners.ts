// Loaner badges that came to their end: each goes back to the pool, what it had opened locks, and
// her own badge counts again.

import type { Kysely } from 'kysely'
import { badgeId } from '@wardkey/protocol/ids'
import type { BadgeId } from '@wardkey/protocol/ids'
import { badgesOf, findBadge } from '../../identity/badges.ts'
import { raisePerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import type { Schema } from '../../store/schema.ts'
import { marksOf } from '../errands/marks-of.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { newFact } from '../flow-needs.ts'
import type { Perform } from '../perform.ts'
import type { Recorded } from '../recorded.ts'
import { markBadges } from './mark-badges.ts'

/** In one round; the rest is for the next. */
const endMax = 200

export async function endLoaners(
  needs: FlowNeeds & { readonly perform: Perform },
): Promise<number> {
  const over = await overLoaners(needs.db, needs.nowMs())
  for (const id of over) await needs.perform(() => endLoaner(id, needs))
  return over.length
}

async function overLoaners(db: Kysely<Schema>, nowMs: number): Promise<readonly BadgeId[]> {
  const rows = await db
    .selectFrom('badge')
    .select('id')
    .where('ends_ms', '<=', nowMs)
    .where('status', 'in', ['active', 'suspended', 'lost'])
    .limit(endMax)
    .execute()
  return rows.map(({ id }) => badgeId.parse(id))
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
