// Who is signed in to the console. Rows go when they are over: that somebody was is in the record.

import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function consoleSessions(engine: 'sqlite' | 'postgres') {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('console_session')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
        .addColumn('roles', 'text', required)
        .addColumn('acr', 'text', required)
        .addColumn('created_ms', ms, required)
        .addColumn('last_ms', ms, required)
        .addColumn('ends_ms', ms, required)
        .execute()
    },
  }
}
