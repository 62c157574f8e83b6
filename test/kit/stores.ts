// Stores to test on: SQLite always, PostgreSQL where there is one. Each test gets an empty one.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { DatabasePlace } from '@wardkey/broker/store/open-for-reading'
import { openPostgresStore } from '@wardkey/broker/store/postgres-store'
import { openSqliteStore } from '@wardkey/broker/store/sqlite-store'
import type { Store } from '@wardkey/broker/store/store'

export interface TestStore {
  readonly store: Store
  readonly place: DatabasePlace
  /** Opens what is on disk again, as after a restart. */
  reopen(): Promise<Store>
  remove(): Promise<void>
}

const onFatal = (cause: Error): void => {
  throw cause
}

/** Where a database can be, with nothing there yet. */
export interface TestPlace {
  readonly place: DatabasePlace
  readonly open: () => Promise<Store>
  readonly remove: () => Promise<void>
}

export function sqlitePlace(): Promise<TestPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-store-'))
  const path = join(folder, 'a.db')
  return Promise.resolve({
    place: { kind: 'sqlite', path },
    open: () => openSqliteStore({ path, onFatal }),
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  })
}

export async function postgresPlace(): Promise<TestPlace> {
  const base = process.env['WARDKEY_TEST_POSTGRES_URL'] ?? ''
  const name = `wardkey_${randomUUID().replaceAll('-', '')}`
  await run(base, `create database ${name}`)
  const url = new URL(base)
  url.pathname = `/${name}`
  return {
    place: { kind: 'postgres', url: url.href },
    open: () => openPostgresStore({ url: url.href, onFatal }),
    remove: () => run(base, `drop database if exists ${name} with (force)`),
  }
}

export const sqliteTestStore = (): Promise<TestStore> => opened(sqlitePlace)
export const postgresTestStore = (): Promise<TestStore> => opened(postgresPlace)

async function opened(make: () => Promise<TestPlace>): Promise<TestStore> {
  const { place, open, remove } = await make()
  return { place, store: await open(), reopen: open, remove }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** Name, maker, and whether it can be tested here. */
export const engines = [
  { engine: 'SQLite', make: sqlitePlace, open: sqliteTestStore, isHere: true },
  {
    engine: 'PostgreSQL',
    make: postgresPlace,
    open: postgresTestStore,
    isHere: process.env['WARDKEY_TEST_POSTGRES_URL'] !== undefined,
  },
] as const
