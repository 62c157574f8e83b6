// The first tables. Never edited once released: what comes later is a migration of its own.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

type Engine = 'sqlite' | 'postgres'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()
const key = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey()

/** Differences between the engines are here and in no query: the names of two types. */
function typesOf(engine: Engine) {
  return {
    bytes: engine === 'sqlite' ? sql`blob` : sql`bytea`,
    ms: engine === 'sqlite' ? ('integer' as const) : ('bigint' as const),
  }
}

export function firstTables(engine: Engine) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createPeople(db, engine)
      await createWorkstations(db, engine)
      await createSessions(db, engine)
      await createSignIns(db, engine)
      await createRecord(db, engine)
    },
  }
}

async function createPeople(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { bytes, ms } = typesOf(engine)
  await db.schema
    .createTable('person')
    .addColumn('id', 'text', key)
    .addColumn('name_sealed', bytes, required)
    .addColumn('status', 'text', required)
    .addColumn('roles', 'text', required)
    .addColumn('created_ms', ms, required)
    .addColumn('version', 'integer', required)
    .execute()
  await db.schema
    .createTable('person_key')
    .addColumn('person_id', 'text', key)
    .addColumn('wrapped', bytes)
    .addColumn('destroyed_ms', ms)
    .execute()
  await db.schema
    .createTable('badge')
    .addColumn('id', 'text', key)
    .addColumn('person_id', 'text', required)
    .addColumn('lookup', 'text', required)
    .addColumn('sealed', bytes, required)
    .addColumn('technology', 'text', required)
    .addColumn('assurance', 'integer', required)
    .addColumn('status', 'text', required)
    .addColumn('from_ms', ms, required)
    .addColumn('until_ms', ms)
    .addColumn('version', 'integer', required)
    .execute()
  // One owner at a time: a constraint, because a check before the insert races. A suspended or lost
  // badge still has its owner; only replaced and expired ones may be somebody else's.
  await sql`create unique index badge_one_owner on badge (lookup)
    where status in ('active', 'suspended', 'lost')`.execute(db)
  await db.schema.createIndex('badge_person').on('badge').column('person_id').execute()
  await db.schema
    .createTable('pin')
    .addColumn('person_id', 'text', key)
    .addColumn('hash', 'text', required)
    .addColumn('set_at_ms', ms, required)
    .addColumn('failures', 'integer', required)
    .addColumn('locked_until_ms', ms, required)
    .addColumn('version', 'integer', required)
    .execute()
  await db.schema
    .createTable('pin_attempt')
    .addColumn('id', 'text', key)
    .addColumn('person_id', 'text', required)
    .addColumn('workstation_id', 'text', required)
    .addColumn('at_ms', ms, required)
    .addColumn('outcome', 'text', required)
    .execute()
  await sql`create index pin_attempt_begun on pin_attempt (person_id, at_ms)
    where outcome = 'begun'`.execute(db)
  await db.schema.createIndex('pin_attempt_age').on('pin_attempt').column('at_ms').execute()
}

async function createWorkstations(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { ms } = typesOf(engine)
  await db.schema
    .createTable('workstation')
    .addColumn('id', 'text', key)
    .addColumn('place', 'text', required)
    .addColumn('zone_id', 'text', required)
    .addColumn('cert_sha256', 'text', required)
    .addColumn('cert_previous_sha256', 'text')
    .addColumn('cert_not_after_ms', ms, required)
    .addColumn('status', 'text', required)
    .addColumn('asset_tag', 'text')
    .addColumn('boot_id', 'text')
    .addColumn('trusted_since_ms', ms, required)
    .addColumn('failures', 'integer', required)
    .addColumn('locked_until_ms', ms, required)
    .addColumn('enrolled_ms', ms, required)
    .addColumn('reached_ms', ms)
    .addColumn('version', 'integer', required)
    .execute()
  // Who is connecting is asked by certificate; two workstations with one certificate would be one.
  await db.schema
    .createIndex('workstation_cert')
    .unique()
    .on('workstation')
    .column('cert_sha256')
    .execute()
  await db.schema
    .createIndex('workstation_cert_previous')
    .on('workstation')
    .column('cert_previous_sha256')
    .execute()
  await db.schema
    .createTable('enrol_token')
    .addColumn('hash', 'text', key)
    .addColumn('zone_id', 'text', required)
    .addColumn('uses_left', 'integer', required)
    .addColumn('expires_ms', ms, required)
    .execute()
  await db.schema
    .createTable('zone')
    .addColumn('id', 'text', key)
    .addColumn('kind', 'text', required)
    .addColumn('label', 'text', required)
    .addColumn('settings', 'text', required)
    .addColumn('version', 'integer', required)
    .execute()
}

async function createSessions(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { ms } = typesOf(engine)
  await db.schema
    .createTable('session')
    .addColumn('id', 'text', key)
    .addColumn('person_id', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('workstation_id', 'text', required)
    .addColumn('acr', 'text', required)
    .addColumn('amr', 'text', required)
    .addColumn('pin_at_ms', ms, required)
    .addColumn('opened_ms', ms, required)
    .addColumn('changed_ms', ms, required)
    .addColumn('ended_ms', ms)
    .addColumn('end_reason', 'text')
    .addColumn('slot', 'integer', required)
    .addColumn('version', 'integer', required)
    .execute()
  // Promise 5, held by the database whatever the code believes: a workstation never has two people,
  // and a person has no more open screens than there are slots for her.
  await sql`create unique index session_one_a_workstation on session (workstation_id)
    where state = 'open'`.execute(db)
  await sql`create unique index session_one_a_person on session (person_id, slot)
    where state = 'open'`.execute(db)
  await sql`create index session_living on session (person_id) where state <> 'ended'`.execute(db)
  await sql`create index session_waiting on session (changed_ms) where state = 'locked'`.execute(db)
  await db.schema
    .createTable('presence')
    .addColumn('id', 'text', key)
    .addColumn('session_id', 'text', required)
    .addColumn('person_id', 'text', required)
    .addColumn('workstation_id', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('confidence', engine === 'sqlite' ? 'real' : 'double precision', required)
    .addColumn('from_ms', ms, required)
    .addColumn('until_ms', ms)
    .execute()
  await sql`create index presence_standing on presence (session_id) where until_ms is null`.execute(
    db,
  )
  await db.schema
    .createTable('grace')
    .addColumn('person_id', 'text', key)
    .addColumn('zone_id', 'text', required)
    .addColumn('pin_at_ms', ms, required)
    .addColumn('last_ms', ms, required)
    .execute()
  await db.schema
    .createTable('tap')
    .addColumn('id', 'text', key)
    .addColumn('workstation_id', 'text', required)
    .addColumn('at_ms', ms, required)
    .addColumn('outcome', 'text', required)
    .addColumn('person_id', 'text')
    .addColumn('badge_id', 'text')
    .addColumn('session_id', 'text')
    .addColumn('answer', 'text', required)
    .addColumn('expires_ms', ms, required)
    .addColumn('version', 'integer', required)
    .execute()
  await db.schema.createIndex('tap_expiry').on('tap').column('expires_ms').execute()
}

async function createSignIns(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { ms } = typesOf(engine)
  await db.schema
    .createTable('launch_ticket')
    .addColumn('hash', 'text', key)
    .addColumn('session_id', 'text', required)
    .addColumn('workstation_id', 'text', required)
    .addColumn('expires_ms', ms, required)
    .addColumn('used_ms', ms)
    .execute()
  await db.schema
    .createIndex('launch_ticket_expiry')
    .on('launch_ticket')
    .column('expires_ms')
    .execute()
  await db.schema
    .createTable('step_up')
    .addColumn('id', 'text', key)
    .addColumn('interaction_uid', 'text', (column) => column.notNull().unique())
    .addColumn('session_id', 'text', required)
    .addColumn('workstation_id', 'text', required)
    .addColumn('person_id', 'text', required)
    .addColumn('client_id', 'text', required)
    .addColumn('application', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('detail', 'text')
    .addColumn('phase', 'text', required)
    .addColumn('created_ms', ms, required)
    .addColumn('expires_ms', ms, required)
    .addColumn('ended_ms', ms)
    .addColumn('version', 'integer', required)
    .execute()
  await db.schema
    .createTable('oidc_model')
    .addColumn('model', 'text', required)
    .addColumn('id', 'text', required)
    .addColumn('payload', 'text', required)
    .addColumn('expires_ms', ms)
    .addColumn('grant_id', 'text')
    .addColumn('uid', 'text')
    .addColumn('user_code', 'text')
    .addColumn('consumed_ms', ms)
    .addPrimaryKeyConstraint('oidc_model_key', ['model', 'id'])
    .execute()
  await db.schema.createIndex('oidc_model_uid').on('oidc_model').columns(['model', 'uid']).execute()
  await db.schema.createIndex('oidc_model_grant').on('oidc_model').column('grant_id').execute()
  await db.schema.createIndex('oidc_model_expiry').on('oidc_model').column('expires_ms').execute()
}

async function createRecord(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { bytes, ms } = typesOf(engine)
  await db.schema
    .createTable('fact')
    .addColumn('idx', ms, key)
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('at_ms', ms, required)
    .addColumn('code', 'text', required)
    .addColumn('person_id', 'text')
    .addColumn('workstation_id', 'text')
    .addColumn('session_id', 'text')
    .addColumn('body', bytes, required)
    .execute()
  await db.schema
    .createTable('checkpoint')
    .addColumn('size', ms, key)
    .addColumn('root', 'text', required)
    .addColumn('note', 'text', required)
    .addColumn('leaves', bytes, required)
    .addColumn('at_ms', ms, required)
    .execute()
  await db.schema
    .createTable('admin_token')
    .addColumn('hash', 'text', key)
    .addColumn('name', 'text', required)
    .addColumn('scopes', 'text', required)
    .addColumn('created_ms', ms, required)
    .addColumn('expires_ms', ms)
    .execute()
  await db.schema
    .createTable('request')
    .addColumn('key', 'text', key)
    .addColumn('answer', 'text', required)
    .addColumn('at_ms', ms, required)
    .execute()
}
