// Releases for workstations, how they go out in rings, and what became of each workstation.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

type Whole = 'integer' | 'bigint'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function updates(engine: 'sqlite' | 'postgres') {
  const whole = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('update_release')
        .addColumn('number', 'integer', (column) => column.primaryKey())
        .addColumn('release', 'text', required)
        .addColumn('manifest', 'text', required)
        .addColumn('added_ms', whole, required)
        .addColumn('added_by', 'text', required)
        .execute()
      await rollouts(db, whole)
      await db.schema
        .createTable('update_wait')
        .addColumn('workstation_id', 'text', (column) => column.primaryKey())
        .addColumn('why', 'text', required)
        .addColumn('at_ms', whole, required)
        .execute()
    },
  }
}

/** Two people, and one roll-out at a time, whatever a flow believes. */
async function rollouts(db: Kysely<unknown>, whole: Whole): Promise<void> {
  await db.schema
    .createTable('rollout')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'integer', (column) =>
      column.notNull().references('update_release.number'),
    )
    .addColumn('state', 'text', required)
    .addColumn('ring', 'integer', required)
    .addColumn('ring_ms', whole, required)
    .addColumn('rings', 'text', required)
    .addColumn('at_once', 'integer', required)
    .addColumn('begun_ms', whole, required)
    .addColumn('begun_by', 'text', required)
    .addColumn('approved_ms', whole)
    .addColumn('approved_by', 'text')
    .addColumn('counted_ms', whole, required)
    .addColumn('version', 'integer', required)
    .addCheckConstraint(
      'rollout_two_people',
      sql`approved_by is null or (approved_ms is not null and approved_by <> begun_by)`,
    )
    .execute()
  await sql`create unique index rollout_one on rollout ((1))
    where state in ('running', 'paused')`.execute(db)
  await db.schema
    .createTable('rollout_member')
    .addColumn('rollout_id', 'text', (column) => column.notNull().references('rollout.id'))
    .addColumn('workstation_id', 'text', required)
    .addColumn('ring', 'integer', required)
    .addColumn('state', 'text', required)
    .addColumn('from_release', 'text', required)
    .addColumn('at_ms', whole, required)
    .addColumn('flaw', 'text')
    .addPrimaryKeyConstraint('rollout_member_once', ['rollout_id', 'workstation_id'])
    .execute()
}
