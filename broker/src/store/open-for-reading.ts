// A database opened to look at and for nothing else: beside a running broker, after one, or a copy.

import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import pg from 'pg'
import { Fault } from '../platform/fault.ts'
import { keepStatements } from './sqlite/kept-statements.ts'
import { openForReading } from './sqlite/connection.ts'
import { outliveServer } from './postgres/outlive-server.ts'
import { numbers } from './postgres/values.ts'
import type { Schema } from './schema.ts'

export type DatabasePlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

const answerMaxMs = 30_000

/** Migrates nothing and can write nothing. Throws Fault where there is no such database. */
export function openToRead(place: DatabasePlace): Kysely<Schema> {
  if (place.kind === 'sqlite') {
    try {
      const database = keepStatements(openForReading(place.path))
      return new Kysely({ dialect: new SqliteDialect({ database }) })
    } catch (cause) {
      throw new Fault('store-unavailable', 'permanent', { cause })
    }
  }
  const pool = new pg.Pool({
    types: numbers,
    connectionString: place.url,
    max: 1,
    connectionTimeoutMillis: answerMaxMs,
    statement_timeout: answerMaxMs,
    options: '-c default_transaction_read_only=on',
    application_name: 'wardkey-record',
  })
  outliveServer(pool)
  return new Kysely({ dialect: new PostgresDialect({ pool }) })
}
