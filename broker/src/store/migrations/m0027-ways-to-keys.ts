// A way to the facts of key changes that the list of keys tells: few, however long a record is.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

export const waysToKeys = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index fact_key on fact (idx)
      where code in ('KEY-002', 'KEY-003')`.execute(db)
  },
}
