// Brings a database to the newest schema: numbered, forward only, each in a transaction of its own.

import { Migrator } from 'kysely/migration'
import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'
import { firstTables } from './migrations/m0001-first-tables.ts'

/** Throws with the migration's name when one fails; the database is then as before it. */
export async function migrate(db: Kysely<Schema>, engine: 'sqlite' | 'postgres'): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: () => Promise.resolve({ '0001-first-tables': firstTables(engine) }),
    },
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined) {
    const failed = results?.find(({ status }) => status === 'Error')?.migrationName ?? 'unknown'
    throw new Error(`migration ${failed} failed`, { cause: error })
  }
}
