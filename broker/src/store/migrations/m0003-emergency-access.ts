// Emergency access: staff numbers, grants with their review, what compliance is still to be told,
// and the mark of a session that was opened by a grant.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

type Engine = 'sqlite' | 'postgres'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()
const key = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey()

export function emergencyAccess(engine: Engine) {
  const bytes = engine === 'sqlite' ? sql`blob` : sql`bytea`
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('session').addColumn('grant_id', 'text').execute()
      await db.schema.alterTable('session').addColumn('until_ms', ms).execute()
      await sql`create index session_emergency on session (until_ms)
        where until_ms is not null and state <> 'ended'`.execute(db)
      await createStaffNumbers(db, bytes, ms)
      await createGrants(db, bytes, ms)
      await createNotices(db, ms)
    },
  }
}

type Bytes = ReturnType<typeof sql<unknown>>
type Ms = 'integer' | 'bigint'

async function createStaffNumbers(db: Kysely<unknown>, bytes: Bytes, ms: Ms): Promise<void> {
  await db.schema
    .createTable('staff_number')
    .addColumn('person_id', 'text', key)
    // A number is one person's, by the index; whoever leaves gives hers back with the row.
    .addColumn('lookup', 'text', (column) => column.notNull().unique())
    .addColumn('sealed', bytes, required)
    .addColumn('failures', 'integer', required)
    .addColumn('locked_until_ms', ms, required)
    .addColumn('version', 'integer', required)
    .execute()
}

async function createGrants(db: Kysely<unknown>, bytes: Bytes, ms: Ms): Promise<void> {
  await db.schema
    .createTable('emergency_grant')
    .addColumn('id', 'text', key)
    .addColumn('person_id', 'text', required)
    .addColumn('session_id', 'text', (column) => column.notNull().unique())
    .addColumn('workstation_id', 'text', required)
    .addColumn('zone_id', 'text', required)
    .addColumn('reason', 'text', required)
    .addColumn('reason_label', 'text', required)
    .addColumn('note_sealed', bytes)
    .addColumn('identity', 'text', required)
    .addColumn('witness_id', 'text')
    .addColumn('otherwise', 'text', required)
    .addColumn('took_ms', ms, required)
    .addColumn('position', 'integer', required)
    .addColumn('choices', 'integer', required)
    .addColumn('from_ms', ms, required)
    .addColumn('until_ms', ms, required)
    .addColumn('ended_ms', ms)
    .addColumn('end_reason', 'text')
    .addColumn('review_due_ms', ms, required)
    .addColumn('outcome', 'text')
    .addColumn('reviewed_ms', ms)
    .addColumn('reviewed_by', 'text')
    .addColumn('review_sealed', bytes)
    .addColumn('version', 'integer', required)
    .execute()
  await db.schema
    .createIndex('emergency_grant_age')
    .on('emergency_grant')
    .columns(['from_ms', 'id'])
    .execute()
  await sql`create index emergency_grant_review on emergency_grant (review_due_ms)
    where outcome is null`.execute(db)
}

async function createNotices(db: Kysely<unknown>, ms: Ms): Promise<void> {
  await db.schema
    .createTable('compliance_notice')
    .addColumn('id', 'text', key)
    .addColumn('grant_id', 'text', required)
    .addColumn('channel', 'text', required)
    .addColumn('created_ms', ms, required)
    .addColumn('next_ms', ms, required)
    .addColumn('attempts', 'integer', required)
    .addColumn('told_ms', ms)
    .addColumn('version', 'integer', required)
    .execute()
  await sql`create index compliance_notice_waiting on compliance_notice (next_ms)
    where told_ms is null`.execute(db)
}
