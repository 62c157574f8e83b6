// Stores to test on: SQLite always, PostgreSQL where there is one. Each test gets an empty one.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openPostgresStore } from '@wardkey/broker/store/postgres-store'
import { openSqliteStore } from '@wardkey/broker/store/sqlite-store'
import type { Store } from '@wardkey/broker/store/store'

export interface TestStore {
  readonly store: Store
  /** Opens what is on disk again, as after a restart. */
  reopen(): Promise<Store>
  remove(): Promise<void>
}

const onFatal = (cause: Error): void => {
  throw cause
}

export async function sqliteTestStore(): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-store-'))
  const open = (): Promise<Store> => openSqliteStore({ path: join(folder, 'a.db'), onFatal })
  return {
    store: await open(),
    reopen: open,
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}

export async function postgresTestStore(): Promise<TestStore> {
  const base = process.env['WARDKEY_TEST_POSTGRES_URL'] ?? ''
  const name = `wardkey_${randomUUID().replaceAll('-', '')}`
  await run(base, `create database ${name}`)
  const url = new URL(base)
  url.pathname = `/${name}`
  const open = (): Promise<Store> => openPostgresStore({ url: url.href, onFatal })
  return {
    store: await open(),
    reopen: open,
    remove: () => run(base, `drop database if exists ${name} with (force)`),
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** Name, maker, and whether it can be tested here. */
export const engines = [
  { engine: 'SQLite', open: sqliteTestStore, isHere: true },
  {
    engine: 'PostgreSQL',
    open: postgresTestStore,
    isHere: process.env['WARDKEY_TEST_POSTGRES_URL'] !== undefined,
  },
] as const
