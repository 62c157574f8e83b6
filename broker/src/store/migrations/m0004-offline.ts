// Working without the broker: what workstations were given, how far their journals are merged, what
// is to be looked at; and since when access is as it is, to judge what was decided blind.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

type Engine = 'sqlite' | 'postgres'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

function typesOf(engine: Engine) {
  return {
    bytes: engine === 'sqlite' ? sql`blob` : sql`bytea`,
    ms: engine === 'sqlite' ? ('integer' as const) : ('bigint' as const),
  }
}

export function offline(engine: Engine) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await addColumns(db, engine)
      await createGiven(db, engine)
      await createTaken(db, engine)
    },
  }
}

async function addColumns(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { ms } = typesOf(engine)
  const add = (table: string, column: string): Promise<void> =>
    db.schema.alterTable(table).addColumn(column, ms).execute()
  await db.schema
    .alterTable('pin')
    .addColumn('scheme', 'integer', (column) => column.notNull().defaultTo(1))
    .execute()
  await add('person', 'access_ms')
  await add('badge', 'status_ms')
  await add('zone', 'changed_ms')
  await db.schema.alterTable('session').addColumn('journal_id', 'text').execute()
  await db.schema.alterTable('presence').addColumn('journal_id', 'text').execute()
  // Where somebody was at a time in the past is asked for each decision that was made blind.
  await db.schema
    .createIndex('presence_person')
    .on('presence')
    .columns(['person_id', 'from_ms'])
    .execute()
}

async function createGiven(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { bytes, ms } = typesOf(engine)
  await db.schema
    .createTable('offline_bundle')
    .addColumn('workstation_id', 'text', required)
    .addColumn('sequence', 'integer', required)
    .addColumn('zone_id', 'text', required)
    .addColumn('roster', 'text', required)
    .addColumn('content', 'text', required)
    .addColumn('issued_ms', ms, required)
    .addColumn('expires_ms', ms, required)
    .addPrimaryKeyConstraint('offline_bundle_key', ['workstation_id', 'sequence'])
    .execute()
  await db.schema
    .createIndex('offline_bundle_expiry')
    .on('offline_bundle')
    .column('expires_ms')
    .execute()
  await db.schema
    .createIndex('offline_bundle_roster')
    .on('offline_bundle')
    .column('roster')
    .execute()
  await db.schema
    .createTable('offline_roster')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('people', bytes, required)
    .addColumn('at_ms', ms, required)
    .execute()
}

async function createTaken(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { ms } = typesOf(engine)
  await db.schema
    .createTable('offline_journal')
    .addColumn('workstation_id', 'text', required)
    .addColumn('journal_id', 'text', required)
    .addColumn('upto_seq', ms, required)
    .addColumn('upto_hash', 'text', required)
    .addColumn('standing', 'text', required)
    .addColumn('merged_ms', ms, required)
    .addColumn('version', 'integer', required)
    .addPrimaryKeyConstraint('offline_journal_key', ['workstation_id', 'journal_id'])
    .execute()
  await db.schema
    .createTable('offline_review')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workstation_id', 'text', required)
    .addColumn('journal_id', 'text', required)
    .addColumn('seq', ms, required)
    .addColumn('person_id', 'text')
    .addColumn('session_id', 'text')
    .addColumn('tap_id', 'text')
    .addColumn('reasons', 'text', required)
    .addColumn('at_ms', ms, required)
    .addColumn('opened_ms', ms, required)
    .addColumn('closed_ms', ms)
    .addColumn('closed_by', 'text')
    .addColumn('outcome', 'text')
    .addColumn('note', 'text')
    .addColumn('version', 'integer', required)
    .execute()
  // One line is looked at once, however often it is told.
  await db.schema
    .createIndex('offline_review_line')
    .unique()
    .on('offline_review')
    .columns(['workstation_id', 'journal_id', 'seq'])
    .execute()
  await sql`create index offline_review_open on offline_review (opened_ms)
    where closed_ms is null`.execute(db)
}
