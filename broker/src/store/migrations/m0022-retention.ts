// Retention: rules that two people make, what was taken out of the record by them, and how far the
// broker is with it. Of what is gone the hash stays, so that every proof holds.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

type Whole = 'integer' | 'bigint'

export function retention(engine: 'sqlite' | 'postgres') {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  const bytes = engine === 'sqlite' ? sql`blob` : sql`bytea`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await rules(db, ms)
      await db.schema
        .createTable('retention_purge')
        .addColumn('number', 'integer', (column) => column.primaryKey())
        .addColumn('class', 'text', required)
        .addColumn('rule', 'integer', required)
        .addColumn('before_ms', ms, required)
        .addColumn('first_idx', ms, required)
        .addColumn('last_idx', ms, required)
        .addColumn('count', 'integer', required)
        .addColumn('at_ms', ms, required)
        .addColumn('list', 'text', required)
        .execute()
      await db.schema
        .createTable('fact_gone')
        .addColumn('idx', ms, (column) => column.primaryKey())
        .addColumn('leaf', bytes, required)
        .addColumn('purge', 'integer', required)
        .execute()
      await progress(db, ms)
      await sql`create index presence_over on presence (until_ms)
        where until_ms is not null`.execute(db)
      await sql`create index session_over on session (ended_ms)
        where state = 'ended'`.execute(db)
      for (const column of ['from_ms', 'until_ms']) {
        await db.schema.alterTable('legal_hold').addColumn(column, ms).execute()
      }
      await db.schema.alterTable('legal_hold').addColumn('workstation_id', 'text').execute()
    },
  }
}

/** Whoever proposes is never who approves, whatever the program believes. */
async function rules(db: Kysely<unknown>, ms: Whole): Promise<void> {
  await db.schema
    .createTable('retention_rule')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('access', 'integer', required)
    .addColumn('presence', 'integer', required)
    .addColumn('administration', 'integer', required)
    .addColumn('operational', 'integer', required)
    .addColumn('clock_idx', ms)
    .addColumn('based_on', 'integer', required)
    .addColumn('reason', 'text', required)
    .addColumn('proposed_ms', ms, required)
    .addColumn('proposed_by', 'text', required)
    .addColumn('outcome', 'text')
    .addColumn('decided_ms', ms)
    .addColumn('decided_by', 'text')
    .addCheckConstraint(
      'retention_rule_two_people',
      sql`outcome is null or (decided_by is not null and decided_ms is not null and
        (outcome <> 'approved' or decided_by <> proposed_by))`,
    )
    .execute()
}

async function progress(db: Kysely<unknown>, ms: Whole): Promise<void> {
  await db.schema
    .createTable('retention_class')
    .addColumn('class', 'text', (column) => column.primaryKey())
    .addColumn('next_idx', ms, required)
    .addColumn('before_ms', ms)
    .execute()
  await db.schema
    .createTable('retention_state')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('holds_version', 'integer', required)
    .addColumn('looked_idx', ms, required)
    .addColumn('run_ms', ms, required)
    .addColumn('stopped', 'text')
    .addColumn('stopped_idx', ms)
    .addColumn('stopped_ms', ms)
    .addColumn('holder', 'text', required)
    .addColumn('until_ms', ms, required)
    .execute()
  await sql`insert into retention_state (id, holds_version, looked_idx, run_ms, holder, until_ms)
    values (1, 0, 0, 0, '', 0)`.execute(db)
}
