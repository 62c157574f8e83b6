// The whole database as it was at one moment, read beside a running broker: SQLite in one reading
// transaction, PostgreSQL in one of repeatable read. It can write nothing.

import type { Database as Connection } from 'better-sqlite3'
import pg from 'pg'
import { Fault } from '../../platform/fault.ts'
import type { DatabasePlace } from '../open-for-reading.ts'
import { numbers } from '../postgres/values.ts'
import { openForReading } from '../sqlite/connection.ts'
import { inOrder, isCopied } from './table-shape.ts'
import type { Row, Snapshot, TableShape, Value } from './table-shape.ts'

const rowsAtOnce = 1000

/** Throws Fault where there is no such database. */
export async function openSnapshot(place: DatabasePlace): Promise<Snapshot> {
  try {
    return place.kind === 'sqlite' ? sqliteSnapshot(place.path) : await postgresSnapshot(place.url)
  } catch (cause) {
    throw new Fault('store-unavailable', 'permanent', { cause })
  }
}

function sqliteSnapshot(path: string): Snapshot {
  const db = openForReading(path)
  db.exec('begin')
  const column = (text: string, ...values: string[]): readonly string[] =>
    db
      .prepare<string[], string>(text)
      .pluck()
      .all(...values)
  const names = column("select name from sqlite_master where type = 'table'").filter(isCopied)
  const tables = names.map((name) => ({
    name,
    columns: column('select name from pragma_table_info(?) order by cid', name),
    needs: column('select distinct "table" from pragma_foreign_key_list(?)', name),
  }))
  return {
    tables: inOrder(tables),
    migrations: column('select name from kysely_migration order by name'),
    rows: (table, orderBy) => sqliteRows(db, table, orderBy),
    close: () => {
      db.close()
      return Promise.resolve()
    },
  }
}

async function* sqliteRows(
  db: Connection,
  table: TableShape,
  orderBy?: string,
): AsyncGenerator<Row> {
  const statement = db.prepare<[], Row>(textOf(table, orderBy)).raw()
  for (const row of statement.iterate()) yield await Promise.resolve(row)
}

async function postgresSnapshot(url: string): Promise<Snapshot> {
  const client = new pg.Client({
    connectionString: url,
    types: numbers,
    application_name: 'wardkey-backup',
  })
  await client.connect()
  await client.query('begin isolation level repeatable read read only')
  const rowsOf = async (text: string, values: readonly string[] = []): Promise<string[][]> =>
    (await client.query<string[]>({ text, values: [...values], rowMode: 'array' })).rows
  const column = async (text: string, ...values: readonly string[]): Promise<string[]> =>
    (await rowsOf(text, values)).map(([value = '']) => value)
  const names = await column(
    `select table_name from information_schema.tables
     where table_schema = current_schema() and table_type = 'BASE TABLE'`,
  )
  const tables: TableShape[] = []
  for (const name of names.filter(isCopied)) {
    tables.push({
      name,
      columns: await column(columnsText, name),
      needs: await column(needsText, name),
    })
  }
  return {
    tables: inOrder(tables),
    migrations: await column('select name from kysely_migration order by name'),
    rows: (table, orderBy) => postgresRows(client, table, orderBy),
    close: () => client.end(),
  }
}

const columnsText = `select column_name from information_schema.columns
  where table_schema = current_schema() and table_name = $1 order by ordinal_position`
const needsText = `select distinct other.relname from pg_constraint
  join pg_class own on own.oid = conrelid join pg_class other on other.oid = confrelid
  where contype = 'f' and own.relname = $1
    and own.relnamespace = (select oid from pg_namespace where nspname = current_schema())`

async function* postgresRows(
  client: pg.Client,
  table: TableShape,
  orderBy?: string,
): AsyncGenerator<Row> {
  const cursor = quoted(`copy ${table.name}`)
  await client.query(`declare ${cursor} no scroll cursor for ${textOf(table, orderBy)}`)
  const text = `fetch ${String(rowsAtOnce)} from ${cursor}`
  for (;;) {
    const { rows } = await client.query<Value[]>({ text, rowMode: 'array' })
    yield* rows
    if (rows.length < rowsAtOnce) break
  }
  await client.query(`close ${cursor}`)
}

function textOf({ name, columns }: TableShape, orderBy?: string): string {
  const text = `select ${columns.map(quoted).join(', ')} from ${quoted(name)}`
  return orderBy === undefined ? text : `${text} order by ${quoted(orderBy)}`
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
