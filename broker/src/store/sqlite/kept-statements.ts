// A SQLite connection for reading that keeps its prepared statements: preparing one costs more than
// running it, and the query builder prepares at every question.

import type { Database, Statement } from 'better-sqlite3'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type { TurnSnapshot } from './turn-snapshot.ts'

/** More texts than this mean that somebody builds SQL from values. */
const statementsMax = 500

/** A text in the query, or a key of ours that has to be a value, as the query builder writes it. */
const textOrKeyIsValue = /'[^']*'|("(?:\w+_)?(?:id|hash|lookup)") = \?/g

/**
 * The same question, whose plan does not look at the values of its keys.
 *
 * With `key = ?` beside an order or a join, SQLite plans anew whenever a value is bound, in case a
 * better plan is to be had for that one: ten times what it takes to run it. A plus changes neither
 * value nor type, and is not looked through. Only keys: a partial index of what is alive may need
 * the value of its own condition.
 */
export function plannedOnce(sql: string): string {
  return sql.replace(textOrKeyIsValue, (found, key?: string) =>
    key === undefined ? found : `${key} = +?`,
  )
}

/** With a snapshot, whatever is asked in one turn of the event loop is asked of one state. */
export function keepStatements(db: Database, snapshot?: TurnSnapshot): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    prepare: (sql) => {
      const known = kept.get(sql)
      if (known) return known
      if (kept.size >= statementsMax) kept.clear()
      const planned = db.prepare(plannedOnce(sql))
      const statement = snapshot ? inTurn(planned, snapshot) : planned
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
