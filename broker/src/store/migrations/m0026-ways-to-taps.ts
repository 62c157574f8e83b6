// Ways to facts of taps that are looked for one by one: what was refused a person, and the tap that
// somebody asks about by its id or by its code. Each is found at once, however long the record is.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

/**
 * Id and code are in the fact's own bytes and in no column: the indexes are over the id's first
 * eight letters, and over the code, as they stand there. Few taps share them, and whoever asks
 * looks at the rest. Only a refusal shows its code to anybody, and has it in its fact.
 */
export function waysToTaps(engine: 'sqlite' | 'postgres') {
  const letters =
    engine === 'sqlite'
      ? sql`substr(body, instr(body, x'22746170223a22') + 7, 8)`
      : sql`substring(body from position('\\x22746170223a22'::bytea in body) + 7 for 8)`
  const code =
    engine === 'sqlite'
      ? sql`substr(body, instr(body, x'2271756f7465223a22') + 9, 7)`
      : sql`substring(body from position('\\x2271756f7465223a22'::bytea in body) + 9 for 7)`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index fact_refused on fact (person_id, at_ms)
        where code = 'TAP-101'`.execute(db)
      await sql`create index fact_of_tap on fact ((${letters}))
        where code in ('TAP-001', 'TAP-002', 'TAP-003', 'TAP-101', 'TAP-102', 'BTG-001', 'BTG-002',
          'BTG-101', 'OFF-002', 'OFF-005', 'ERD-001', 'ERD-004', 'ERD-101')`.execute(db)
      await sql`create index fact_quoted on fact ((${code}))
        where code in ('TAP-101', 'BTG-101', 'ERD-101')`.execute(db)
    },
  }
}
