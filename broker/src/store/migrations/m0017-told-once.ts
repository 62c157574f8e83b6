// What the record needs to tell each thing once, and to whom it belongs: whether a lock was only
// counted, and a way to the facts in which somebody is spoken for, by time.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

/** Whoever spoke for somebody stands in a fact's fields and in no column; such facts are few. */
export function toldOnce(engine: 'sqlite' | 'postgres') {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('session').addColumn('counted_ms', ms).execute()
      await sql`create index fact_spoke on fact (at_ms)
        where code in ('BTG-004', 'BTG-102', 'ERD-002', 'ERD-102')`.execute(db)
    },
  }
}
