// What HR says of people: what identifies them sealed, with hashes to find it by; what mapping and
// reports need in the open; what a tap needs beside the person; and HR's groups.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

type Engine = 'sqlite' | 'postgres'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()
const key = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey()

export function peopleFromHr(engine: Engine) {
  const bytes = engine === 'sqlite' ? sql`blob` : sql`bytea`
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('person')
        .addColumn('access', 'text', (column) => column.notNull().defaultTo('{}'))
        .execute()
      await db.schema.alterTable('person').addColumn('held_ms', ms).execute()
      await createHrRows(db, bytes, ms)
      await createGroups(db, ms)
    },
  }
}

type Bytes = ReturnType<typeof sql<unknown>>
type Ms = 'integer' | 'bigint'

async function createHrRows(db: Kysely<unknown>, bytes: Bytes, ms: Ms): Promise<void> {
  await db.schema
    .createTable('person_hr')
    .addColumn('person_id', 'text', key)
    .addColumn('client', 'text', required)
    .addColumn('user_name_lookup', 'text')
    .addColumn('external_id_lookup', 'text')
    .addColumn('attributes_sealed', bytes, required)
    .addColumn('employment', 'text', required)
    .addColumn('job_code', 'text')
    .addColumn('department', 'text')
    .addColumn('division', 'text')
    .addColumn('cost_center', 'text')
    .addColumn('location', 'text')
    .addColumn('company', 'text')
    .addColumn('manager_id', 'text')
    .addColumn('sponsor_id', 'text')
    .addColumn('scim_roles', 'text', required)
    .addColumn('is_mapped', 'integer', required)
    .addColumn('created_ms', ms, required)
    .addColumn('changed_ms', ms, required)
    .addColumn('deleted_ms', ms)
    .addColumn('due_ms', ms)
    .addColumn('version', 'integer', required)
    .execute()
  // Two people of one name, or one person twice, by the database and not by a look before (RFC 7643
  // section 4.1.1: userName is unique). Whoever was deleted gives the name back (RFC 7644, 3.6).
  await sql`create unique index person_hr_user_name on person_hr (user_name_lookup)
    where deleted_ms is null`.execute(db)
  await sql`create unique index person_hr_external_id on person_hr (client, external_id_lookup)
    where deleted_ms is null`.execute(db)
  await db.schema
    .createIndex('person_hr_changed')
    .on('person_hr')
    .columns(['changed_ms', 'person_id'])
    .execute()
  // What time alone brings about is looked for every few seconds.
  await sql`create index person_hr_due on person_hr (due_ms) where due_ms is not null`.execute(db)
  await sql`create index person_hr_unmapped on person_hr (person_id)
    where is_mapped = 0 and deleted_ms is null`.execute(db)
}

async function createGroups(db: Kysely<unknown>, ms: Ms): Promise<void> {
  await db.schema
    .createTable('hr_group')
    .addColumn('id', 'text', key)
    .addColumn('client', 'text', required)
    .addColumn('display_name', 'text', required)
    .addColumn('external_id', 'text')
    .addColumn('created_ms', ms, required)
    .addColumn('changed_ms', ms, required)
    .addColumn('version', 'integer', required)
    .execute()
  await db.schema
    .createIndex('hr_group_name')
    .unique()
    .on('hr_group')
    .column('display_name')
    .execute()
  await db.schema
    .createTable('hr_group_member')
    .addColumn('group_id', 'text', required)
    .addColumn('person_id', 'text', required)
    .addPrimaryKeyConstraint('hr_group_member_key', ['group_id', 'person_id'])
    .execute()
  await db.schema
    .createIndex('hr_group_member_person')
    .on('hr_group_member')
    .column('person_id')
    .execute()
}
