// How long the stages between a tap and its chart take; access reviews with what is up in them,
// what they hold back, and which console roles were met at sign-ins.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function speedAndReviews(engine: 'sqlite' | 'postgres') {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('stage_time')
        .addColumn('hour_ms', ms, required)
        .addColumn('zone_id', 'text', required)
        .addColumn('agent', 'text', required)
        .addColumn('broker', 'text', required)
        .addColumn('origin', 'text', required)
        .addColumn('times', 'text', required)
        .addPrimaryKeyConstraint('stage_time_once', [
          'hour_ms',
          'zone_id',
          'agent',
          'broker',
          'origin',
        ])
        .execute()
      await createReviews(db, ms)
      await createHeldBack(db, ms)
    },
  }
}

async function createReviews(db: Kysely<unknown>, ms: 'integer' | 'bigint'): Promise<void> {
  await db.schema
    .createTable('access_campaign')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', required)
    .addColumn('period', 'text', (column) => column.unique())
    .addColumn('state', 'text', required)
    .addColumn('high_risk_only', 'integer', required)
    .addColumn('department', 'text')
    .addColumn('opened_ms', ms, required)
    .addColumn('opened_by', 'text', required)
    .addColumn('due_ms', ms, required)
    .addColumn('on_silence', 'text', required)
    .addColumn('first_word', 'text')
    .addColumn('first_by', 'text')
    .addColumn('first_ms', ms)
    .addColumn('second_by', 'text')
    .addColumn('closed_ms', ms)
    .addColumn('sha256', 'text')
    .addColumn('version', 'integer', required)
    .execute()
  await db.schema
    .createTable('access_item')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('access_campaign.id'))
    .addColumn('person_id', 'text', (column) => column.references('person.id'))
    .addColumn('department', 'text')
    .addColumn('reviewer_id', 'text', (column) => column.references('person.id'))
    .addColumn('kind', 'text', required)
    .addColumn('what', 'text', required)
    .addColumn('is_high_risk', 'integer', required)
    .addColumn('evidence', 'text', required)
    .addColumn('reminded_ms', ms)
    .addColumn('decision', 'text')
    .addColumn('decided_ms', ms)
    .addColumn('decided_by', 'text')
    .addColumn('reason', 'text')
    .addColumn('is_silence', 'integer', required)
    .addColumn('outcome', 'text')
    .execute()
  await sql`create index access_item_campaign on access_item (campaign_id, id)`.execute(db)
  await sql`create index access_item_open on access_item (reviewer_id)
    where decision is null`.execute(db)
}

async function createHeldBack(db: Kysely<unknown>, ms: 'integer' | 'bigint'): Promise<void> {
  await db.schema
    .createTable('held_back')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
    .addColumn('kind', 'text', required)
    .addColumn('what', 'text', required)
    .addColumn('since_ms', ms, required)
    .addColumn('by', 'text', required)
    .addUniqueConstraint('held_back_once', ['person_id', 'kind', 'what'])
    .execute()
  await db.schema
    .createTable('console_role_seen')
    .addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
    .addColumn('role', 'text', required)
    .addColumn('last_ms', ms, required)
    .addPrimaryKeyConstraint('console_role_seen_once', ['person_id', 'role'])
    .execute()
}
