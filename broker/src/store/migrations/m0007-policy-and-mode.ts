// Versions of the written policies, which two people make together, and the modes of the house.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

type Engine = 'sqlite' | 'postgres'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function policyAndMode(engine: Engine) {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('policy_version')
        .addColumn('number', 'integer', (column) => column.primaryKey())
        .addColumn('set_id', 'text', required)
        .addColumn('text', 'text', required)
        .addColumn('note', 'text', required)
        .addColumn('based_on', 'integer', required)
        .addColumn('proposed_ms', ms, required)
        .addColumn('proposed_by', 'text', required)
        .addColumn('outcome', 'text')
        .addColumn('decided_ms', ms)
        .addColumn('decided_by', 'text')
        .addCheckConstraint(
          'policy_two_people',
          sql`outcome is null or (decided_by is not null and decided_ms is not null and
            (outcome <> 'approved' or decided_by <> proposed_by))`,
        )
        .execute()
      // One version follows another: two approvals at once are one approval and one conflict.
      await sql`create unique index policy_follows on policy_version (based_on)
        where outcome = 'approved'`.execute(db)
      await db.schema
        .createTable('house_mode')
        .addColumn('place', 'text', (column) => column.primaryKey())
        .addColumn('mode', 'text', required)
        .addColumn('since_ms', ms, required)
        .addColumn('until_ms', ms, required)
        .addColumn('set_by', 'text', required)
        .addColumn('version', 'integer', required)
        .execute()
    },
  }
}
