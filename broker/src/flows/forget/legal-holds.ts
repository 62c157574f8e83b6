// A legal hold: while it stands nothing about whom, where and when it covers is destroyed, and
// retention takes no fact of it. One person places it, and it holds at once, because waiting could
// lose what it is for; lifting it takes two.

import type { CompiledQuery } from 'kysely'
import { workstationId } from '@wardkey/protocol/ids'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import { findPerson } from '../../identity/people.ts'
import type { Write } from '../../store/store.ts'
import { findWorkstation } from '../find-workstation.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { purgeLooksAgain } from '../retention/hold-guards.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isOneHand } from '../two-people.ts'
import { findHold, personOf, refuseForget } from './forget-rows.ts'
import type { HoldRow } from './forget-rows.ts'

export interface HoldOrder extends Actor {
  readonly personId?: PersonId | undefined
  readonly workstationId?: WorkstationId | undefined
  /** The time that it is about; without them, all of it. */
  readonly fromMs?: number | undefined
  readonly untilMs?: number | undefined
  readonly reason: string
}

export async function placeHold(
  order: HoldOrder,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'placed'; readonly id: string } | AdminRefused>> {
  const { db, nowMs } = needs
  const { personId: person, workstationId: workstation, fromMs, untilMs, reason, by } = order
  if (person !== undefined && !(await findPerson(db, person))) {
    return refuseForget('HLD-101', 'person-unknown', { by }, needs)
  }
  if (workstation !== undefined && !(await findWorkstation(db, workstation))) {
    return refuseForget('HLD-101', 'workstation-unknown', { by }, needs)
  }
  const id = needs.newId()
  const time = { from_ms: fromMs ?? null, until_ms: untilMs ?? null }
  const about = { person_id: person ?? null, workstation_id: workstation ?? null, ...time }
  const row = { id, ...about, reason, placed_ms: nowMs(), placed_by: by }
  const query = db.insertInto('legal_hold').values(row).compile()
  const fields = {
    ...{ by, id, reason },
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
  }
  const whom = { ...(person && { person }), ...(workstation && { workstation }) }
  return {
    answer: { kind: 'placed', id },
    facts: [newFact(needs, 'HLD-001', { ...whom, fields })],
    writes: [{ query, expectRows: 1 }, purgeLooksAgain(needs.db)],
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
  if (isAbout(row, by)) return refuseForget('HLD-101', 'hold-about-you', { by, id }, needs)
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
  if (isAbout(row, by)) return refuse('hold-about-you')
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
  const lifted = done(row, 'HLD-003', { by, id, askedBy }, query, needs)
  return { ...lifted, writes: [...lifted.writes, purgeLooksAgain(needs.db), lookAgain(needs)] }
}

/** Whoever is looked into has no say in when that ends. */
const isAbout = ({ person_id: person }: HoldRow, by: string): boolean =>
  person !== null && by === byPerson(person)

/** What it had kept is behind where retention is. */
const lookAgain = ({ db }: Pick<FlowNeeds, 'db'>): Write => ({
  query: db.updateTable('retention_class').set({ next_idx: 0 }).compile(),
})

function done(
  row: HoldRow,
  code: 'HLD-002' | 'HLD-003',
  fields: Readonly<Record<string, string>>,
  query: CompiledQuery,
  needs: FlowNeeds,
): Recorded<Answer> {
  const { person_id: personId, workstation_id: place } = row
  const person = personId === null ? {} : { person: personOf({ person_id: personId }) }
  const workstation = place === null ? {} : { workstation: workstationId.parse(place) }
  return {
    answer: { kind: 'done' },
    facts: [newFact(needs, code, { ...person, ...workstation, fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}
