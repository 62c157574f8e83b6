// What two people make together: exceptions, with what of them each person has now, and tokens with
// power over others. And whose word it was that suspended a badge: who did not cannot lift it.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

type Engine = 'sqlite' | 'postgres'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function twoPeople(engine: Engine) {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createTokenGrants(db, ms)
      await db.schema.alterTable('admin_token').addColumn('made_by', 'text').execute()
      // At most one row: from then on what the host's token could do alone is over.
      await db.schema
        .createTable('second_approver')
        .addColumn('one', 'integer', (column) => column.primaryKey().check(sql`one = 1`))
        .addColumn('since_ms', ms, required)
        .execute()
      await db.schema
        .createTable('access_exception')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
        .addColumn('kind', 'text', required)
        .addColumn('what', 'text', required)
        .addColumn('reason', 'text', required)
        .addColumn('owner_id', 'text', (column) => column.notNull().references('person.id'))
        .addColumn('lasts_ms', ms, required)
        .addColumn('proposed_ms', ms, required)
        .addColumn('proposed_by', 'text', required)
        .addColumn('outcome', 'text')
        .addColumn('decided_ms', ms)
        .addColumn('decided_by', 'text')
        .addColumn('until_ms', ms)
        .addColumn('ended_ms', ms)
        .addColumn('ended_by', 'text')
        .addCheckConstraint('exception_owner', sql`owner_id <> person_id`)
        .addCheckConstraint(
          'exception_two_people',
          sql`outcome is null or (decided_by is not null and decided_ms is not null and
            (outcome <> 'approved' or (decided_by <> proposed_by and until_ms is not null)))`,
        )
        .execute()
      await sql`create index exception_person on access_exception (person_id)
        where ended_ms is null`.execute(db)
      await sql`create index exception_due on access_exception (until_ms)
        where ended_ms is null and until_ms is not null`.execute(db)
      // A tap reads one row of a person: what holds for her now is in it.
      await db.schema.alterTable('person').addColumn('exceptions', 'text').execute()
      await db.schema.alterTable('badge').addColumn('suspended_by', 'text').execute()
    },
  }
}

async function createTokenGrants(db: Kysely<unknown>, ms: 'integer' | 'bigint'): Promise<void> {
  await db.schema
    .createTable('token_grant')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', required)
    .addColumn('scopes', 'text', required)
    .addColumn('life_ms', ms, required)
    .addColumn('note', 'text', required)
    .addColumn('proposed_ms', ms, required)
    .addColumn('proposed_by', 'text', required)
    .addColumn('outcome', 'text')
    .addColumn('decided_ms', ms)
    .addColumn('decided_by', 'text')
    .addColumn('made_ms', ms)
    .addCheckConstraint(
      'token_grant_two_people',
      sql`(outcome is null or (decided_by is not null and decided_ms is not null and
        (outcome <> 'approved' or decided_by <> proposed_by))) and
        (made_ms is null or (outcome is not null and outcome = 'approved'))`,
    )
    .execute()
}
