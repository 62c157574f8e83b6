// What witnesses have cosigned of this record, and what this broker has cosigned of others as their
// witness: for each of those the newest checkpoint only.

import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function witnesses(engine: 'sqlite' | 'postgres') {
  const whole = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('cosignature')
        .addColumn('size', whole, required)
        .addColumn('witness', 'text', required)
        .addColumn('line', 'text', required)
        .addColumn('at_ms', whole, required)
        .addPrimaryKeyConstraint('cosignature_once', ['size', 'witness'])
        .execute()
      await db.schema
        .createTable('witnessed_record')
        .addColumn('origin', 'text', (column) => column.primaryKey())
        .addColumn('size', whole, required)
        .addColumn('root', 'text', required)
        .addColumn('note', 'text', required)
        .addColumn('at_ms', whole, required)
        .execute()
    },
  }
}
