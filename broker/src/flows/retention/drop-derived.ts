// Rows beside the record that say the same as facts of a class go when those do: presence, ended
// sessions, emergency accesses, closed alerts and access reviews. A hold keeps them alike. Speed
// has an end of its own, long before, and names nobody.

import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import type { Store, Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { stillTurn } from './hold-guards.ts'
import { readPlace, readState } from './retention-state.ts'

interface Derived {
  readonly class: EndingClass
  readonly table: 'presence' | 'session' | 'emergency_grant' | 'alert' | 'access_campaign'
  /** When it was over; nothing goes that is not. */
  readonly end: string
  readonly isOver?: RawBuilder<boolean>
  /** Where a row names more than one person or none: any hold keeps all of them. */
  readonly isHeldByAny?: true
  /** What points at it goes first. */
  readonly before?: (ids: RawBuilder<unknown>) => RawBuilder<unknown>
}

const derived: readonly Derived[] = [
  { class: 'presence', table: 'presence', end: 'until_ms' },
  { class: 'access', table: 'session', end: 'ended_ms', isOver: sql`state = 'ended'` },
  {
    ...{ class: 'access', table: 'emergency_grant', end: 'ended_ms' },
    isOver: sql`reviewed_ms is not null`,
    before: (ids) => sql`delete from compliance_notice where grant_id in (${ids})`,
  },
  {
    ...{ class: 'administration', table: 'alert', end: 'closed_ms', isHeldByAny: true },
    before: (ids) => sql`delete from compliance_notice where alert_id in (${ids})`,
  },
  {
    ...{ class: 'administration', table: 'access_campaign', end: 'closed_ms', isHeldByAny: true },
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
    const { beforeMs } = await readPlace(needs.db, one.class)
    if (beforeMs === null) continue
    for (let round = 0; round < roundsMax; round++) {
      await holdTurn()
      if (!(await dropSome(one, beforeMs, needs))) break
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
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

function idsOf({ table, end, isOver, isHeldByAny }: Derived, beforeMs: number) {
  const endOf = sql.ref(`${table}.${end}`)
  const own = isHeldByAny
    ? sql`1 = 1`
    : sql`(h.person_id is null or h.person_id = ${sql.ref(`${table}.person_id`)})
      and (h.workstation_id is null or h.workstation_id = ${sql.ref(`${table}.workstation_id`)})
      and (h.from_ms is null or h.from_ms <= ${endOf})`
  return sql`select id from ${sql.table(table)} where ${endOf} < ${beforeMs}
    and ${isOver ?? sql`1 = 1`}
    and not exists (select 1 from legal_hold as h where h.lifted_ms is null and ${own})
    order by id limit ${sql.lit(rowsMax)}`
}
