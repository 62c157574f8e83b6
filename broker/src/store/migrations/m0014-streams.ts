// How far each stream of facts has come, and which of several brokers sends it.

import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function streams(engine: 'sqlite' | 'postgres') {
  const whole = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('stream')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('next_idx', whole, required)
        .addColumn('previous_idx', whole)
        .addColumn('handed_idx', whole, required)
        .addColumn('owner', 'text')
        .addColumn('version', whole, required)
        .addColumn('sent_ms', whole)
        .addColumn('failing_ms', whole)
        .addColumn('reason', 'text')
        .addColumn('attempts', whole, required)
        .execute()
    },
  }
}
