// A SQLite connection for reading that keeps its prepared statements: preparing one costs more than
// running it, and the query builder prepares at every question.

import type { Database, Statement } from 'better-sqlite3'
import type { SqliteDatabase } from 'kysely'

/** More texts than this mean that somebody builds SQL from values. */
const statementsMax = 500

export function keepStatements(db: Database): SqliteDatabase {
  const kept = new Map<string, Statement>()
  return {
    prepare: (sql) => {
      const known = kept.get(sql)
      if (known) return known
      if (kept.size >= statementsMax) kept.clear()
      const statement = db.prepare(sql)
      kept.set(sql, statement)
      return statement
    },
    close: () => {
      kept.clear()
      db.close()
    },
  }
}
