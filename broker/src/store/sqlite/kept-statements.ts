// A SQLite connection for reading that keeps its prepared statements: preparing one costs more than
// running it, and the query builder prepares at every question.

import type { Database, Statement } from 'better-sqlite3'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type { TurnSnapshot } from './turn-snapshot.ts'

/** More texts than this mean that somebody builds SQL from values. */
const statementsMax = 500

/** With a snapshot, whatever is asked in one turn of the event loop is asked of one state. */
export function keepStatements(db: Database, snapshot?: TurnSnapshot): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    prepare: (sql) => {
      const known = kept.get(sql)
      if (known) return known
      if (kept.size >= statementsMax) kept.clear()
      const statement = snapshot ? inTurn(db.prepare(sql), snapshot) : db.prepare(sql)
      kept.set(sql, statement)
      return statement
    },
    close: () => {
      kept.clear()
      db.close()
    },
  }
}

function inTurn(statement: Statement, snapshot: TurnSnapshot): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => {
      snapshot.enter()
      return statement.all(parameters)
    },
    run: (parameters) => statement.run(parameters),
    iterate: (parameters) => statement.iterate(parameters),
  }
}
