// Checkpoints become a chain that the database holds: each names the size it continues, and no two
// continue the same. Several brokers may then sign without ever making a fork.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

export function checkpointChain(engine: 'sqlite' | 'postgres') {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('checkpoint')
        .addColumn('from_size', engine === 'sqlite' ? 'integer' : 'bigint', (column) =>
          column.notNull().defaultTo(0),
        )
        .execute()
      const backfill = sql`update checkpoint set from_size = coalesce(
        (select max(earlier.size) from checkpoint as earlier
          where earlier.size < checkpoint.size), 0)`
      await backfill.execute(db)
      await db.schema
        .createIndex('checkpoint_chain')
        .unique()
        .on('checkpoint')
        .column('from_size')
        .execute()
    },
  }
}
