// What a fact says, as text: the database makes it of the bytes, so that whoever reads thousands of
// facts to show them holds no buffer of each. What is hashed or proved is read as bytes, never so.

import { PostgresAdapter, sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import type { Schema } from './schema.ts'

const onSqlite = sql<string>`cast(body as text)`
const onPostgres = sql<string>`convert_from(body, 'UTF8')`

/** Of the only table in the question. */
export function factText(db: Kysely<Schema>): RawBuilder<string> {
  return db.getExecutor().adapter instanceof PostgresAdapter ? onPostgres : onSqlite
}
