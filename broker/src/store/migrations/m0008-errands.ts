// Errands about badges and PINs at workstations, the pool of loaner cards, and badges with an end.

import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

type Engine = 'sqlite' | 'postgres'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()
const key = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey()

export function errands(engine: Engine) {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('badge').addColumn('ends_ms', ms).execute()
      await db.schema.alterTable('badge').addColumn('loaner_card_id', 'text').execute()
      await db.schema.alterTable('badge').addColumn('suspended_for', 'text').execute()
      await sql`create index badge_ends on badge (ends_ms) where ends_ms is not null`.execute(db)
      await sql`create index badge_suspended_for on badge (suspended_for)
        where suspended_for is not null`.execute(db)
      await db.schema
        .createTable('loaner_card')
        .addColumn('id', 'text', key)
        .addColumn('label', 'text', required)
        .addColumn('lookup', 'text', required)
        .addColumn('technology', 'text', required)
        .addColumn('assurance', 'integer', required)
        .addColumn('added_ms', ms, required)
        .addColumn('retired_ms', ms)
        .addColumn('version', 'integer', required)
        .execute()
      // A card is in the pool once; one that was retired may be added anew.
      await sql`create unique index loaner_card_lookup on loaner_card (lookup)
        where retired_ms is null`.execute(db)
      await db.schema
        .createTable('errand')
        .addColumn('id', 'text', key)
        .addColumn('workstation_id', 'text', required)
        .addColumn('kind', 'text', required)
        .addColumn('lookup', 'text')
        .addColumn('person_id', 'text')
        .addColumn('badge_id', 'text')
        .addColumn('proofs', 'text', required)
        .addColumn('begun_ms', ms, required)
        .addColumn('expires_ms', ms, required)
        .addColumn('version', 'integer', required)
        .execute()
      await db.schema.createIndex('errand_expires').on('errand').column('expires_ms').execute()
    },
  }
}
