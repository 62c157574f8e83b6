// An empty database with the tables that a backup knows, also where this release knows more: those
// come when the broker opens it. What is there already is left as it is.

import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import pg from 'pg'
import { Fault } from '../../platform/fault.ts'
import { knownMigrations, migrate } from '../migrate.ts'
import type { DatabasePlace } from '../open-for-reading.ts'
import type { Schema } from '../schema.ts'
import { openForWriting } from '../sqlite/connection.ts'

/** Throws Fault `store-newer` where the backup is of a release that this one does not know. */
export async function makeEmpty(
  place: DatabasePlace,
  migrations: readonly string[],
): Promise<void> {
  const known = knownMigrations()
  const stranger = migrations.find((name, at) => known[at] !== name)
  if (stranger !== undefined || migrations.length === 0) {
    const cause = new Error(`the backup has migration ${stranger ?? 'none'}`)
    throw new Fault('store-newer', 'permanent', { cause })
  }
  const upTo = migrations.at(-1)
  if (place.kind === 'sqlite') await makeSqlite(place.path, upTo)
  else await makePostgres(place.url, upTo)
}

async function makeSqlite(path: string, upTo: string | undefined): Promise<void> {
  const db = openForWriting(path)
  try {
    db.exec('begin exclusive')
    const dialect = new SqliteDialect({ database: db })
    await migrate(new Kysely<Schema>({ dialect }), 'sqlite', upTo)
    db.exec('commit')
  } finally {
    // Closing takes back what was not committed.
    db.close()
  }
}

async function makePostgres(url: string, upTo: string | undefined): Promise<void> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'wardkey-restore',
  })
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrate(db, 'postgres', upTo)
  } finally {
    await db.destroy()
  }
}
