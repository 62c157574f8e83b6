// A way to the locks that happened and to those that were said to be wrong, with all that they are
// counted by: nothing else of a record is read to count them.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

/**
 * One entry or two in a visit of fourteen facts, at the end of the index as they are written. The
 * reason is in the fact's own bytes and in no column: what stands there up to the next quote.
 */
export function waysToLocks(engine: 'sqlite' | 'postgres') {
  const reason =
    engine === 'sqlite'
      ? sql`substr(substr(body, instr(body, x'22726561736f6e223a22') + 10, 64), 1,
          instr(substr(body, instr(body, x'22726561736f6e223a22') + 10, 64), x'22') - 1)`
      : sql`substring(
          substring(body from position('\\x22726561736f6e223a22'::bytea in body) + 10 for 64)
          from 1 for greatest(0, position('\\x22'::bytea in
            substring(body from position('\\x22726561736f6e223a22'::bytea in body) + 10 for 64))
            - 1))`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index fact_locked on fact (idx, code, workstation_id, (${reason}))
        where code in ('SES-003', 'SES-007')`.execute(db)
    },
  }
}
