// A legal hold: while it stands nothing about whom it covers is destroyed. One person places it,
// and it holds at once, because waiting could lose what it is for; lifting it takes two.

import type { CompiledQuery } from 'kysely'
import type { PersonId } from '@wardkey/protocol/ids'
import { findPerson } from '../../identity/people.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isOneHand } from '../two-people.ts'
import { findHold, personOf, refuseForget } from './forget-rows.ts'
import type { HoldRow } from './forget-rows.ts'

export interface HoldOrder extends Actor {
  readonly personId?: PersonId | undefined
  readonly reason: string
}

export async function placeHold(
  { personId: person, reason, by }: HoldOrder,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'placed'; readonly id: string } | AdminRefused>> {
  const { db, nowMs } = needs
  if (person !== undefined && !(await findPerson(db, person))) {
    return refuseForget('HLD-101', 'person-unknown', { by }, needs)
  }
  const id = needs.newId()
  const row = { id, person_id: person ?? null, reason, placed_ms: nowMs(), placed_by: by }
  const query = db.insertInto('legal_hold').values(row).compile()
  return {
    answer: { kind: 'placed', id },
    facts: [newFact(needs, 'HLD-001', { ...(person && { person }), fields: { by, id, reason } })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

type Answer = { readonly kind: 'done' } | AdminRefused

export interface HoldWord extends Actor {
  readonly id: string
}

/** Who asks again takes the place of who asked before. */
export async function askToLift({ id, by }: HoldWord, needs: FlowNeeds): Promise<Recorded<Answer>> {
  const row = await findHold(id, needs)
  if (row?.lifted_ms !== null) {
    const code = row ? 'hold-lifted' : 'hold-unknown'
    return refuseForget('HLD-101', code, { by, id }, needs)
  }
  const query = needs.db
    .updateTable('legal_hold')
    .set({ lift_asked_ms: needs.nowMs(), lift_asked_by: by })
    .where('id', '=', id)
    .where('lifted_ms', 'is', null)
    .compile()
  return done(row, 'HLD-002', { by, id }, query, needs)
}

export async function liftHold({ id, by }: HoldWord, needs: FlowNeeds): Promise<Recorded<Answer>> {
  const row = await findHold(id, needs)
  const refuse = (code: AdminRefused['code']): Recorded<AdminRefused> =>
    refuseForget('HLD-101', code, { by, id }, needs)
  if (!row) return refuse('hold-unknown')
  if (row.lifted_ms !== null) return refuse('hold-lifted')
  const { lift_asked_by: askedBy } = row
  if (askedBy === null) return refuse('hold-lift-not-asked')
  if (isOneHand(askedBy, by, await tokenAskers(needs))) return refuse('hold-own')
  const query = needs.db
    .updateTable('legal_hold')
    .set({ lifted_ms: needs.nowMs(), lifted_by: by })
    .where('id', '=', id)
    .where('lifted_ms', 'is', null)
    .where('lift_asked_by', '=', askedBy)
    .compile()
  return done(row, 'HLD-003', { by, id, askedBy }, query, needs)
}

function done(
  row: HoldRow,
  code: 'HLD-002' | 'HLD-003',
  fields: Readonly<Record<string, string>>,
  query: CompiledQuery,
  needs: FlowNeeds,
): Recorded<Answer> {
  const person = row.person_id === null ? {} : { person: personOf({ person_id: row.person_id }) }
  return {
    answer: { kind: 'done' },
    facts: [newFact(needs, code, { ...person, fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}
