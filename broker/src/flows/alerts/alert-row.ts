// Alerts as rows: what a rule has seen, and what was done about it. Whoever changes one names the
// version that she has seen.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { alertRuleName, rulesOfKind } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { AlertKind, AlertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Sighting } from '../../policy/alerts/alert-fact.ts'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'

type Db = Kysely<Schema>
type Row = Schema['alert']

/** Of very many facts the newest are kept; the record has the others. */
const factsMax = 100
const peopleMax = 64
const people = z.array(personId).max(peopleMax)
const indexes = z.array(z.int()).max(factsMax)

export interface Alert extends Omit<Row, 'rule' | 'people' | 'facts'> {
  readonly rule: AlertRuleName
  readonly people: readonly PersonId[]
  readonly facts: readonly number[]
}

const alertOf = (row: Row): Alert => ({
  ...row,
  rule: alertRuleName.parse(row.rule),
  people: people.parse(JSON.parse(row.people)),
  facts: indexes.parse(JSON.parse(row.facts)),
})

export async function findAlert(db: Db, id: string): Promise<Alert | undefined> {
  const row = await db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirst()
  return row && alertOf(row)
}

/** The one about this that is not closed. */
export async function findStanding(
  db: Db,
  { rule, subject }: Pick<Sighting, 'rule' | 'subject'>,
): Promise<Alert | undefined> {
  const row = await db
    .selectFrom('alert')
    .selectAll()
    .where('rule', '=', rule)
    .where('subject', '=', subject)
    .where('state', '<>', 'closed')
    .executeTakeFirst()
  return row && alertOf(row)
}

/** The newest first. */
export async function listAlerts(
  db: Db,
  asked: {
    readonly kinds: readonly AlertKind[]
    readonly rule?: AlertRuleName | undefined
    readonly isClosed: boolean
    readonly limit: number
  },
): Promise<readonly Alert[]> {
  const rules = asked.kinds.flatMap(rulesOfKind)
  const among = asked.rule === undefined ? rules : rules.filter((one) => one === asked.rule)
  if (among.length === 0) return []
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .where('state', asked.isClosed ? '=' : '<>', 'closed')
    .where('rule', 'in', among)
    .orderBy('last_ms', 'desc')
    .orderBy('id')
    .limit(asked.limit)
    .execute()
  return rows.map(alertOf)
}

/** Those that nobody has acknowledged. */
export async function countFresh(db: Db, kinds: readonly AlertKind[]): Promise<number> {
  const row = await db
    .selectFrom('alert')
    .where('state', '=', sql.lit('open'))
    // The index is over what is not closed, and is one for this only where that is said as well.
    .where('state', '<>', sql.lit('closed'))
    .where('rule', 'in', kinds.flatMap(rulesOfKind))
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export function insertAlert(
  db: Db,
  about: { readonly id: string; readonly count: number; readonly nowMs: number },
  seen: Sighting,
): Write {
  const { id, count, nowMs } = about
  const query = db
    .insertInto('alert')
    .values({
      id,
      rule: seen.rule,
      subject: seen.subject,
      people: JSON.stringify(seen.people.slice(0, peopleMax)),
      workstation_id: seen.workstation ?? null,
      zone_id: seen.zone ?? null,
      badge_id: seen.badge ?? null,
      state: 'open',
      count,
      first_ms: seen.fromMs,
      last_ms: seen.untilMs,
      raised_ms: nowMs,
      facts: JSON.stringify(seen.facts.slice(-factsMax)),
      version: 1,
    })
    .compile()
  return { query, expectRows: 1 }
}

/** As often as it was seen since; whatever else is done about it meanwhile stays. */
export function seeAgain(db: Db, was: Alert, seen: Sighting, times: number): Write {
  const facts = [...new Set([...was.facts, ...seen.facts])].sort((a, b) => a - b)
  const everybody = [...new Set<string>([...was.people, ...seen.people])]
  const query = db
    .updateTable('alert')
    .set({
      count: was.count + times,
      first_ms: Math.min(was.first_ms, seen.fromMs),
      last_ms: Math.max(was.last_ms, seen.untilMs),
      facts: JSON.stringify(facts.slice(-factsMax)),
      people: JSON.stringify(everybody.slice(0, peopleMax)),
      version: was.version + 1,
    })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .compile()
  return { query, expectRows: 1 }
}

type Handled = Partial<
  Pick<
    Row,
    | 'state'
    | 'acknowledged_by'
    | 'acknowledged_ms'
    | 'assignee_id'
    | 'assigned_by'
    | 'assigned_ms'
    | 'closed_by'
    | 'closed_ms'
    | 'outcome'
    | 'note_sealed'
  >
>

/** Of two who handle one alert at once the second conflicts, and looks again. */
export function changeAlert(db: Db, was: Pick<Alert, 'id' | 'version'>, change: Handled): Write {
  const query = db
    .updateTable('alert')
    .set({ ...change, version: was.version + 1 })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .where('state', '<>', 'closed')
    .compile()
  return { query, expectRows: 1 }
}

/** How many stand, by rule; for metrics. */
export async function countAlerts(db: Db): Promise<ReadonlyMap<AlertRuleName, number>> {
  const rows = await db
    .selectFrom('alert')
    .select(['rule', (eb) => eb.fn.countAll().as('count')])
    .where('state', '<>', 'closed')
    .groupBy('rule')
    .execute()
  return new Map(rows.map(({ rule, count }) => [alertRuleName.parse(rule), Number(count)]))
}
