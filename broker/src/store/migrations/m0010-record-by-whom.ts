// Ways to find facts by whom and where they are about, so that a time line reads its own facts and
// no others.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

/**
 * The first two are in nearly every tap. The others are of what is rare or small, and answer what
 * those two cannot: lines of a journal happened long before they were merged; a session that moved
 * leaves no fact at the workstation that it left; whether a door let somebody in is asked of people
 * whom nobody named.
 */
export function recordByWhom() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index fact_person on fact (person_id, at_ms)
        where person_id is not null`.execute(db)
      await sql`create index fact_workstation on fact (workstation_id, at_ms)
        where workstation_id is not null`.execute(db)
      await sql`create index fact_merged_person on fact (person_id, at_ms)
        where code in ('OFF-002', 'OFF-003')`.execute(db)
      await sql`create index fact_merged_workstation on fact (workstation_id, at_ms)
        where code in ('OFF-002', 'OFF-003')`.execute(db)
      await sql`create index fact_moved on fact (session_id, at_ms)
        where code = 'SES-002'`.execute(db)
      await sql`create index fact_door on fact (person_id, at_ms)
        where code = 'PRE-002'`.execute(db)
    },
  }
}
