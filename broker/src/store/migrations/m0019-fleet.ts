// Enrolling many: tokens that can be listed, limited and taken back, computers that ask without
// one, the machine that an identity belongs to, and what each workstation is made of.

import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function fleet(engine: 'sqlite' | 'postgres') {
  const whole = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const alter = db.schema.alterTable('enrol_token')
      await alter.addColumn('uses', 'integer').execute()
      await alter.addColumn('made_ms', whole).execute()
      await alter.addColumn('made_by', 'text').execute()
      await alter.addColumn('addresses', 'text').execute()
      await alter.addColumn('revoked_ms', whole).execute()
      await alter.addColumn('workstation_id', 'text').execute()
      await db.schema.alterTable('workstation').addColumn('hardware', 'text').execute()
      await asks(db, whole)
      await db.schema
        .createTable('workstation_inventory')
        .addColumn('workstation_id', 'text', (column) => column.primaryKey())
        .addColumn('body', 'text', required)
        .addColumn('at_ms', whole, required)
        .execute()
    },
  }
}

/** One key asks once: a second row of the same key cannot be. */
async function asks(db: Kysely<unknown>, whole: 'integer' | 'bigint'): Promise<void> {
  await db.schema
    .createTable('enrol_ask')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('key_sha256', 'text', (column) => column.notNull().unique())
    .addColumn('public_key', 'text', required)
    .addColumn('salt', 'text', required)
    .addColumn('place', 'text', required)
    .addColumn('asset_tag', 'text')
    .addColumn('hardware', 'text')
    .addColumn('address', 'text', required)
    .addColumn('asked_ms', whole, required)
    .addColumn('ends_ms', whole, required)
    .addColumn('state', 'text', required)
    .addColumn('zone_id', 'text')
    .addColumn('decided_ms', whole)
    .addColumn('decided_by', 'text')
    .addColumn('workstation_id', 'text')
    .addColumn('version', 'integer', required)
    .execute()
}
