// Who is to be forgotten, by two people, and the legal holds that keep it from happening.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function forgetting(engine: 'sqlite' | 'postgres') {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('forgetting')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
        .addColumn('law', 'text', required)
        .addColumn('reason', 'text', required)
        .addColumn('asked_ms', ms, required)
        .addColumn('asked_by', 'text', required)
        .addColumn('outcome', 'text')
        .addColumn('decided_ms', ms)
        .addColumn('decided_by', 'text')
        .addCheckConstraint(
          'forgetting_two_people',
          sql`outcome is null or (decided_by is not null and decided_ms is not null and
            (outcome <> 'approved' or decided_by <> asked_by))`,
        )
        .execute()
      await db.schema
        .createTable('legal_hold')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('person_id', 'text', (column) => column.references('person.id'))
        .addColumn('reason', 'text', required)
        .addColumn('placed_ms', ms, required)
        .addColumn('placed_by', 'text', required)
        .addColumn('lift_asked_ms', ms)
        .addColumn('lift_asked_by', 'text')
        .addColumn('lifted_ms', ms)
        .addColumn('lifted_by', 'text')
        .addCheckConstraint(
          'legal_hold_two_people',
          sql`lifted_ms is null or (lifted_by is not null and lift_asked_by is not null and
            lifted_by <> lift_asked_by)`,
        )
        .execute()
    },
  }
}
