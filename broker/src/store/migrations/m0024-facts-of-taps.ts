// A way to the facts that tell what became of a tap, by time: whoever asks why looks through these
// alone, and not through everything that a house has recorded since.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

/** One or two in a visit, added at the end of the index as they are written. */
export function factsOfTaps() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index fact_tapped on fact (at_ms)
        where code in ('TAP-001', 'TAP-002', 'TAP-003', 'TAP-101', 'TAP-102', 'BTG-001', 'BTG-002',
          'BTG-101', 'OFF-002', 'OFF-005', 'ERD-001', 'ERD-004', 'ERD-101')`.execute(db)
    },
  }
}
