// Fills an empty database with the rows of a backup, in one transaction: all of it is there after
// it, or nothing. A database that holds anything is refused.

import type { Database as Connection, Statement } from 'better-sqlite3'
import pg from 'pg'
import { Fault } from '../../platform/fault.ts'
import type { DatabasePlace } from '../open-for-reading.ts'
import { wireValue } from '../postgres/values.ts'
import { openForWriting } from '../sqlite/connection.ts'
import type { Row } from './table-shape.ts'

export interface Filling {
  /** Throws where the table or a column is not one of this release. */
  add(table: string, columns: readonly string[], row: Row): Promise<void>
  /** Durable when it resolves. */
  commit(): Promise<void>
  /** Nothing is there afterwards. */
  abandon(): Promise<void>
}

/** The database is there, and migrated. Throws Fault `store-not-empty` where it holds anything. */
export async function fillEmpty(place: DatabasePlace, tables: readonly string[]): Promise<Filling> {
  try {
    return place.kind === 'sqlite'
      ? fillSqlite(place.path, tables)
      : await fillPostgres(place.url, tables)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('store-unavailable', 'permanent', { cause })
  }
}

/** Rows that a migration makes and nobody has touched: they count as none, and give way. */
const untouched: Readonly<Record<string, string>> = {
  alert_cursor: 'next_idx = 0',
  retention_state: 'looked_idx = 0 and holds_version = 0',
}

function cleared(table: string): string | undefined {
  const rows = Object.hasOwn(untouched, table) ? untouched[table] : undefined
  return rows === undefined ? undefined : `delete from ${quoted(table)} where ${rows}`
}

const notEmpty = (table: string): Fault => {
  const cause = new Error(`the table ${table} holds rows`)
  return new Fault('store-not-empty', 'permanent', { cause })
}

function fillSqlite(path: string, tables: readonly string[]): Filling {
  const db: Connection = openForWriting(path)
  db.exec('begin exclusive')
  const full = tables.find((name) => {
    const clear = cleared(name)
    if (clear !== undefined) db.exec(clear)
    return db.prepare(`select 1 from ${quoted(name)} limit 1`).get() !== undefined
  })
  if (full !== undefined) {
    db.close()
    throw notEmpty(full)
  }
  const statements = new Map<string, Statement>()
  const end = (text: string) => () => {
    db.exec(text)
    db.close()
    return Promise.resolve()
  }
  return {
    add: (table, columns, row) => {
      const text = insertText(table, columns, 1, '?')
      const statement = statements.get(text) ?? db.prepare(text)
      statements.set(text, statement)
      statement.run(...row)
      return Promise.resolve()
    },
    commit: end('commit'),
    abandon: end('rollback'),
  }
}

/** So many values in one statement: the protocol counts them in 16 bits. */
const valuesMax = 20_000
const rowsMax = 500

async function fillPostgres(url: string, tables: readonly string[]): Promise<Filling> {
  const client = new pg.Client({ connectionString: url, application_name: 'wardkey-restore' })
  await client.connect()
  await client.query('begin')
  for (const name of tables) {
    // Nobody else fills it meanwhile, and no broker has begun.
    await client.query(`lock table ${quoted(name)} in exclusive mode nowait`)
    const clear = cleared(name)
    if (clear !== undefined) await client.query(clear)
    const { rowCount } = await client.query(`select 1 from ${quoted(name)} limit 1`)
    if (rowCount === 0) continue
    await client.end()
    throw notEmpty(name)
  }
  let held: { table: string; columns: readonly string[]; rows: Row[] } | undefined
  const flush = async (): Promise<void> => {
    if (!held) return
    const { table, columns, rows } = held
    held = undefined
    const text = insertText(table, columns, rows.length, '$')
    await client.query(text, rows.flat().map(wireValue))
  }
  return {
    add: async (table, columns, row) => {
      const max = Math.min(rowsMax, Math.floor(valuesMax / columns.length))
      const isOther = held?.table !== table || held.columns !== columns || held.rows.length >= max
      if (isOther) await flush()
      held ??= { table, columns, rows: [] }
      held.rows.push(row)
    },
    commit: async () => {
      await flush()
      await client.query('commit')
      await client.end()
    },
    abandon: () => client.end(),
  }
}

function insertText(
  table: string,
  columns: readonly string[],
  rows: number,
  hole: '?' | '$',
): string {
  const holeOf = (at: number): string => (hole === '?' ? '?' : `$${String(at + 1)}`)
  const tuples = Array.from(
    { length: rows },
    (_, row) => `(${columns.map((_column, at) => holeOf(row * columns.length + at)).join(', ')})`,
  )
  const names = columns.map(quoted).join(', ')
  return `insert into ${quoted(table)} (${names}) values ${tuples.join(', ')}`
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
