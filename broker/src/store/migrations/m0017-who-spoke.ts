// A way to the facts in which somebody is spoken for, by time: whoever spoke stands in their fields
// and in no column, and they are few.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

export function whoSpoke() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index fact_spoke on fact (at_ms)
        where code in ('BTG-004', 'BTG-102', 'ERD-002', 'ERD-102')`.execute(db)
    },
  }
}
