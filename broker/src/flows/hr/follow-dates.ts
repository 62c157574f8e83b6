// The first and the last day of an employment come by themselves: whoever begins may tap from that
// moment, whoever’s contract is over finds her screens locked.

import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { parseAccessFacts } from '../../identity/access-facts.ts'
import { changePersonRow, findPerson } from '../../identity/people.ts'
import { clearGrace } from '../../sessions/grace.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { newFact } from '../flow-needs.ts'
import type { Perform } from '../perform.ts'
import { endAccess } from '../person-ending.ts'
import type { Recorded } from '../recorded.ts'
import { findHrRow } from './hr-person-row.ts'
import { dueMsOf, statusOf } from './life-cycle.ts'

/** In one round; the rest is for the next. */
const roundMax = 200

/** How many people’s dates were looked at. */
export async function followDates(
  needs: FlowNeeds & { readonly perform: Perform },
): Promise<number> {
  const rows = await needs.db
    .selectFrom('person_hr')
    .select('person_id')
    .where('due_ms', '<=', needs.nowMs())
    .orderBy('due_ms')
    .limit(roundMax)
    .execute()
  for (const row of rows) {
    await needs.perform(() => followDate(personId.parse(row.person_id), needs))
  }
  return rows.length
}

async function followDate(id: PersonId, needs: FlowNeeds): Promise<Recorded<undefined>> {
  const { db } = needs
  const nowMs = needs.nowMs()
  const person = await findPerson(db, id)
  const row = await findHrRow(db, id)
  if (!person || !row) throw new Error('a date of nobody')
  const access = parseAccessFacts(row.access)
  const { employment } = row
  const query = db
    .updateTable('person_hr')
    .set({ due_ms: dueMsOf({ employment, access }, nowMs) ?? null })
    .where('person_id', '=', id)
    .where('version', '=', row.version)
    .compile()
  const next = statusOf({ employment, isHeld: person.heldMs !== null, access }, nowMs)
  // Gone by an administrator’s word: no date brings her back.
  const status = person.status === 'terminated' ? 'terminated' : next
  const isEnding = status !== 'active' && status !== person.status
  const by = 'dates'
  const ended = isEnding
    ? await endAccess({ personId: id, by, isForGood: false }, needs)
    : { facts: [], writes: [clearGrace(db, id)], notices: [] }
  return {
    answer: undefined,
    facts: [newFact(needs, 'PER-007', { person: id, fields: { by, status } }), ...ended.facts],
    writes: [
      changePersonRow(db, person, { status, nowMs }),
      { query, expectRows: 1 },
      ...ended.writes,
    ],
    notices: ended.notices,
  }
}
