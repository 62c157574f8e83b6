// Alerts, and how far their rules have read: they begin at the end of the record that is there, not
// with years of it. Compliance can be told of an alert as of an emergency access.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function alerts(engine: 'sqlite' | 'postgres') {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  const bytes = engine === 'sqlite' ? sql`blob` : sql`bytea`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('alert')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('rule', 'text', required)
        .addColumn('subject', 'text', required)
        .addColumn('people', 'text', required)
        .addColumn('workstation_id', 'text')
        .addColumn('zone_id', 'text')
        .addColumn('badge_id', 'text')
        .addColumn('state', 'text', required)
        .addColumn('count', 'integer', required)
        .addColumn('first_ms', ms, required)
        .addColumn('last_ms', ms, required)
        .addColumn('raised_ms', ms, required)
        .addColumn('facts', 'text', required)
        .addColumn('acknowledged_by', 'text')
        .addColumn('acknowledged_ms', ms)
        .addColumn('assignee_id', 'text')
        .addColumn('assigned_by', 'text')
        .addColumn('assigned_ms', ms)
        .addColumn('closed_by', 'text')
        .addColumn('closed_ms', ms)
        .addColumn('outcome', 'text')
        .addColumn('note_sealed', bytes)
        .addColumn('version', 'integer', required)
        .execute()
      // Two brokers cannot raise the same twice, whatever they believe.
      await sql`create unique index alert_standing on alert (rule, subject)
        where state <> 'closed'`.execute(db)
      await sql`create index alert_age on alert (last_ms)`.execute(db)
      await db.schema
        .createTable('alert_cursor')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('next_idx', ms, required)
        .addColumn('passed_ms', ms, required)
        .addColumn('holder', 'text', required)
        .addColumn('until_ms', ms, required)
        .execute()
      await sql`insert into alert_cursor (id, next_idx, passed_ms, holder, until_ms)
        select 1, coalesce(max(idx) + 1, 0), coalesce(max(at_ms), 0), '', 0 from fact`.execute(db)
      // What figures count: rare, and found without a look at the rest.
      await sql`create index fact_rare on fact (at_ms)
        where code in ('PER-001', 'PER-003', 'PER-007', 'BDG-002', 'WKS-003')`.execute(db)
      await tellOfAlerts(db, ms)
    },
  }
}

/** A notice is of a grant or of an alert; SQLite takes a new table for that. */
async function tellOfAlerts(db: Kysely<unknown>, ms: 'integer' | 'bigint'): Promise<void> {
  await sql`drop index compliance_notice_waiting`.execute(db)
  await sql`alter table compliance_notice rename to compliance_notice_before`.execute(db)
  await db.schema
    .createTable('compliance_notice')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('grant_id', 'text')
    .addColumn('alert_id', 'text')
    .addColumn('channel', 'text', required)
    .addColumn('created_ms', ms, required)
    .addColumn('next_ms', ms, required)
    .addColumn('attempts', 'integer', required)
    .addColumn('told_ms', ms)
    .addColumn('version', 'integer', required)
    .addCheckConstraint('compliance_notice_of_one', sql`(grant_id is null) <> (alert_id is null)`)
    .execute()
  await sql`insert into compliance_notice
      (id, grant_id, channel, created_ms, next_ms, attempts, told_ms, version)
    select id, grant_id, channel, created_ms, next_ms, attempts, told_ms, version
      from compliance_notice_before`.execute(db)
  await sql`drop table compliance_notice_before`.execute(db)
  await sql`create index compliance_notice_waiting on compliance_notice (next_ms)
    where told_ms is null`.execute(db)
}
