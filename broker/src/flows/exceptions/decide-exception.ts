// Somebody else's word on an exception: approved it holds from the next tap on, until its end. It
// goes into the person's row, with whatever her next tap reads.

import { personId } from '@wardkey/protocol/ids'
import { findPerson, changePersonRow } from '../../identity/people.ts'
import type { Person } from '../../identity/people.ts'
import { findHolder } from '../../identity/find-card-holder.ts'
import type { HeldException } from '../../identity/access-facts.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isOneHand, wordAgainst } from '../two-people.ts'
import { flawOf } from './exception-checks.ts'
import { fieldsOf, refuseException } from './exception-facts.ts'
import { findException, personOf } from './exception-rows.ts'
import type { ExceptionNeeds, ExceptionRow } from './exception-rows.ts'

export interface ExceptionWord extends Actor {
  readonly id: string
  readonly outcome: 'approved' | 'rejected'
}

/** What was asked for long ago was asked for then. */
const waitsMs = 7 * 86_400_000

type Answer = { readonly kind: 'decided' } | AdminRefused

export async function decideException(
  { id, outcome, by }: ExceptionWord,
  needs: ExceptionNeeds,
): Promise<Recorded<Answer>> {
  const { db } = needs
  const refuse = (code: AdminRefused['code']): Recorded<AdminRefused> =>
    refuseException(code, { by, exception: id }, needs)
  const row = await findException(db, id)
  if (!row) return refuse('exception-unknown')
  if (row.ended_ms !== null) return refuse('exception-decided')
  const askers = await tokenAskers(needs)
  const no = wordAgainst(row, { outcome, by }, askers)
  if (no) return refuse(`exception-${no}`)
  if (outcome === 'rejected') return rejected(row, by, needs)
  // What somebody else asked for her is not hers to give, by a token that she took out neither.
  if (isOneHand(byPerson(row.person_id), by, askers)) return refuse('exception-own')
  // The site may allow less by now.
  if (row.lasts_ms > needs.exceptionMaxMs) return refuse('exception-too-long')
  if (needs.nowMs() - row.proposed_ms > waitsMs) return refuse('exception-too-old')
  const person = await findPerson(db, personOf(row))
  if (!person || person.status === 'terminated') return refuse('person-unknown')
  const ownerId = personId.parse(row.owner_id)
  const flaw = await flawOf({ ...row, personId: person.id, ownerId }, needs)
  if (flaw) return refuse(flaw)
  const holder = await findHolder(db, person.id)
  return approved(row, { person, held: holder?.access.exceptions ?? [] }, by, needs)
}

function approved(
  row: ExceptionRow,
  { person, held }: { readonly person: Person; readonly held: readonly HeldException[] },
  by: string,
  needs: FlowNeeds,
): Recorded<Answer> {
  const { db } = needs
  const nowMs = needs.nowMs()
  const untilMs = nowMs + row.lasts_ms
  const { id, kind, what } = row
  const exceptions = [...held, { id, kind, what, untilMs }]
  const fields = { ...fieldsOf(row), by, untilMs, proposedBy: row.proposed_by, owner: row.owner_id }
  return {
    answer: { kind: 'decided' },
    facts: [newFact(needs, 'EXC-002', { person: person.id, fields })],
    writes: [
      changePersonRow(db, person, { exceptions, nowMs }),
      decided(row, { outcome: 'approved', by, untilMs }, needs),
    ],
    notices: [],
  }
}

function rejected(row: ExceptionRow, by: string, needs: FlowNeeds): Recorded<Answer> {
  const fields = { ...fieldsOf(row), by, proposedBy: row.proposed_by }
  return {
    answer: { kind: 'decided' },
    facts: [newFact(needs, 'EXC-003', { person: personOf(row), fields })],
    writes: [decided(row, { outcome: 'rejected', by, untilMs: null }, needs)],
    notices: [],
  }
}

function decided(
  { id }: ExceptionRow,
  word: { outcome: 'approved' | 'rejected'; by: string; untilMs: number | null },
  { db, nowMs }: FlowNeeds,
) {
  const { outcome, by, untilMs } = word
  const over = outcome === 'rejected' ? { ended_ms: nowMs(), ended_by: by } : {}
  const query = db
    .updateTable('access_exception')
    .set({ outcome, decided_ms: nowMs(), decided_by: by, until_ms: untilMs, ...over })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .where('ended_ms', 'is', null)
    .compile()
  return { query, expectRows: 1 }
}
