// Rows beside the record that say the same as facts of a class go when those do: presence, ended
// sessions, emergency accesses, closed alerts and access reviews. A hold keeps them alike. Speed
// has an end of its own, long before, and names nobody.

import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import type { Store, Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import { stillTurn } from './hold-guards.ts'
import { readPlace, readState } from './retention-state.ts'

interface Held {
  readonly whom: RawBuilder<boolean>
  readonly where: RawBuilder<boolean>
}

interface Derived {
  /** It goes no sooner than the facts of all of these. */
  readonly classes: readonly EndingClass[]
  readonly table: 'presence' | 'session' | 'emergency_grant' | 'alert' | 'access_campaign'
  /** When it began and was over; nothing goes that is not. */
  readonly begin: RawBuilder<number>
  readonly end: RawBuilder<number | null>
  readonly isOver?: RawBuilder<boolean>
  /** Whom and where a hold has to be about; of rows that name several, any hold keeps all. */
  readonly held: 'any' | Held
  /** What points at it goes first. */
  readonly before?: (ids: RawBuilder<unknown>) => RawBuilder<unknown>
}

/** A fact may come into the record some days after what it says. */
const lateMs = 7 * 86_400_000

const derived: readonly Derived[] = [
  {
    ...{ classes: ['presence'], table: 'presence' },
    ...{ begin: sql`presence.from_ms`, end: sql`presence.until_ms` },
    held: {
      whom: sql`h.person_id = presence.person_id`,
      where: sql`h.workstation_id = presence.workstation_id`,
    },
  },
  {
    // Facts that name no more than a session ask it whose they are.
    ...{ classes: ['access', 'presence'], table: 'session', isOver: sql`state = 'ended'` },
    ...{ begin: sql`session.opened_ms`, end: sql`session.ended_ms` },
    held: {
      whom: sql`h.person_id = session.person_id`,
      // It says where it was last; facts say where it was before, and are kept as well.
      where: sql`(h.workstation_id = session.workstation_id or exists (
        select 1 from fact where fact.workstation_id = h.workstation_id
        and fact.at_ms between session.opened_ms - ${sql.lit(lateMs)}
        and session.ended_ms + ${sql.lit(lateMs)} and fact.session_id = session.id))`,
    },
  },
  {
    ...{ classes: ['access'], table: 'emergency_grant' },
    // Its review is of it, and may come long after.
    ...{ begin: sql`emergency_grant.from_ms`, isOver: sql`reviewed_ms is not null` },
    end: sql`case when reviewed_ms > ended_ms then reviewed_ms else ended_ms end`,
    held: {
      whom: sql`(h.person_id in (emergency_grant.person_id, witness_id)
        or reviewed_by = ${sql.lit(byPerson(''))} || h.person_id)`,
      where: sql`h.workstation_id = emergency_grant.workstation_id`,
    },
    before: (ids) => sql`delete from compliance_notice where grant_id in (${ids})`,
  },
  {
    ...{ classes: ['administration'], table: 'alert', held: 'any' },
    ...{ begin: sql`alert.first_ms`, end: sql`alert.closed_ms` },
    before: (ids) => sql`delete from compliance_notice where alert_id in (${ids})`,
  },
  {
    ...{ classes: ['administration'], table: 'access_campaign', held: 'any' },
    ...{ begin: sql`access_campaign.opened_ms`, end: sql`access_campaign.closed_ms` },
    before: (ids) => sql`delete from access_item where campaign_id in (${ids})`,
  },
]

/** Rows of one statement, and of one run of each kind. */
const rowsMax = 500
const roundsMax = 2000

/** Up to where the facts of the class went, and no further. */
export async function dropDerived(
  holdTurn: () => Promise<void>,
  needs: FlowNeeds & { readonly store: Store; readonly me: string },
): Promise<void> {
  for (const one of derived) {
    const beforeMs = await placeOf(one, needs)
    if (beforeMs === undefined) continue
    for (let round = 0; round < roundsMax; round++) {
      await holdTurn()
      if (!(await dropSome(one, beforeMs, needs))) break
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Nothing where one of its classes has lost none yet. */
async function placeOf({ classes }: Derived, { db }: FlowNeeds): Promise<number | undefined> {
  const places = await Promise.all(classes.map((name) => readPlace(db, name)))
  const all = places.flatMap(({ beforeMs }) => beforeMs ?? [])
  return all.length < classes.length ? undefined : Math.min(...all)
}

/** False where there is nothing more, or a hold came in between: the next run looks again. */
async function dropSome(
  one: Derived,
  beforeMs: number,
  { db, store, me }: FlowNeeds & { readonly store: Store; readonly me: string },
): Promise<boolean> {
  const state = await readState(db)
  const ids = idsOf(one, beforeMs)
  const some = await sql`${ids}`.execute(db)
  if (some.rows.length === 0) return false
  const drop = sql`delete from ${sql.table(one.table)} where id in (${ids})`
  const first = one.before === undefined ? [] : [one.before(ids)]
  const writes: Write[] = [...first, drop].map((text) => ({ query: text.compile(db) }))
  const done = await store.commit({
    kind: 'housekeeping',
    writes: [stillTurn(db, me, state), ...writes],
  })
  return done.kind === 'committed' && some.rows.length === rowsMax
}

function idsOf({ table, begin, end, isOver, held }: Derived, beforeMs: number) {
  const own =
    held === 'any'
      ? sql`1 = 1`
      : sql`(h.person_id is null or ${held.whom})
      and (h.workstation_id is null or ${held.where})
      and (h.from_ms is null or h.from_ms <= ${end})
      and (h.until_ms is null or h.until_ms >= ${begin})`
  return sql`select id from ${sql.table(table)} where ${end} < ${beforeMs}
    and ${isOver ?? sql`1 = 1`}
    and not exists (select 1 from legal_hold as h where h.lifted_ms is null and ${own})
    order by id limit ${sql.lit(rowsMax)}`
}
