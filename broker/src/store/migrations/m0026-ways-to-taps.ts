// Ways to facts of taps that are looked for one by one: what was refused a person, and the tap that
// somebody asks about by its id. Each is found at once, however long the record is.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

/**
 * A tap's id is in the fact's own bytes and in no column: the index is over its first eight letters,
 * as they stand there. Few taps share them, and whoever asks looks at the rest.
 */
export function waysToTaps(engine: 'sqlite' | 'postgres') {
  const letters =
    engine === 'sqlite'
      ? sql`substr(body, instr(body, x'22746170223a22') + 7, 8)`
      : sql`substring(body from position('\\x22746170223a22'::bytea in body) + 7 for 8)`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index fact_refused on fact (person_id, at_ms)
        where code = 'TAP-101'`.execute(db)
      await sql`create index fact_of_tap on fact ((${letters}))
        where code in ('TAP-001', 'TAP-002', 'TAP-003', 'TAP-101', 'TAP-102', 'BTG-001', 'BTG-002',
          'BTG-101', 'OFF-002', 'OFF-005', 'ERD-001', 'ERD-004', 'ERD-101')`.execute(db)
    },
  }
}
