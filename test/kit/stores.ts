// Stores to test on: SQLite always, PostgreSQL where there is one. Each test gets an empty one.

import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

export async function sqlitePlace(fill?: (path: string) => Promise<void>): Promise<TestPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-store-'))
  const path = join(folder, 'a.db')
  await fill?.(path)
  return {
    place: { kind: 'sqlite', path },
    open: () => openSqliteStore({ path, onFatal }),
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}

let migratedFile: Promise<Uint8Array> | undefined

/** The bytes of a database that was migrated once: to migrate takes longer than most tests. */
async function fillMigrated(path: string): Promise<void> {
  migratedFile ??= (async () => {
    const { place, open, remove } = await sqlitePlace()
    if (place.kind !== 'sqlite') throw new Error('not a file')
    // Closed, the log of what was written last is part of the file.
    await (await open()).close()
    const bytes = readFileSync(place.path)
    await remove()
    return bytes
  })()
  writeFileSync(path, await migratedFile)
}

type Make = (base: string, name: string) => Promise<void>

const empty: Make = (base, name) => run(base, `create database ${name}`)

export async function postgresPlace(make: Make = empty): Promise<TestPlace> {
  const base = process.env['WARDKEY_TEST_POSTGRES_URL'] ?? ''
  const name = `wardkey_${randomUUID().replaceAll('-', '')}`
  await make(base, name)
  const url = urlOf(base, name)
  return {
    place: { kind: 'postgres', url },
    open: () => openPostgresStore({ url, onFatal }),
    remove: () => run(base, `drop database if exists ${name} with (force)`),
  }
}

function urlOf(base: string, name: string): string {
  const url = new URL(base)
  url.pathname = `/${name}`
  return url.href
}

const migrated: Make = async (base, name) => {
  const template = `wardkey_migrated_${migrationsId()}`
  await makeTemplate(base, template)
  await run(base, `create database ${name} template ${template} ${await copying(base)}`)
}

let howToCopy: Promise<string> | undefined

/** Copied as files, which takes half as long as through the log; before 15 there is no other way. */
function copying(base: string): Promise<string> {
  howToCopy ??= withClient(base, async (client) => {
    const { rows } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    )
    return (rows[0]?.version ?? 0) >= 150_000 ? 'strategy file_copy' : ''
  })
  return howToCopy
}

const templates = new Map<string, Promise<void>>()

/** Once for all files that are tested at the same time, and again where the migrations are others. */
function makeTemplate(base: string, template: string): Promise<void> {
  const known = templates.get(template)
  if (known) return known
  const made = withClient(base, async (client) => {
    await client.query('select pg_advisory_lock($1)', [templateLock])
    const found = await client.query('select 1 from pg_database where datname = $1', [template])
    if (found.rowCount !== 0) return
    const unfinished = `${template}_unfinished`
    await client.query(`drop database if exists ${unfinished}`)
    await client.query(`create database ${unfinished}`)
    const store = await openPostgresStore({ url: urlOf(base, unfinished), onFatal })
    await store.close()
    await client.query(`alter database ${unfinished} rename to ${template}`)
  })
  templates.set(template, made)
  return made
}

const templateLock = 7_201_144
const migrations = fileURLToPath(new URL('../../broker/src/store/migrations/', import.meta.url))

function migrationsId(): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(migrations).sort())
    hash.update(readFileSync(join(migrations, file)))
  return hash.digest('hex').slice(0, 16)
}

export const sqliteTestStore = (): Promise<TestStore> => opened(() => sqlitePlace(fillMigrated))

/** On a copy of a migrated one: to migrate takes longer than most of what is tested then. */
export const postgresTestStore = (): Promise<TestStore> => opened(() => postgresPlace(migrated))

async function opened(make: () => Promise<TestPlace>): Promise<TestStore> {
  const { place, open, remove } = await make()
  return { place, store: await open(), reopen: open, remove }
}

const run = (url: string, sql: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(sql)
  })

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Name, maker, and whether it can be tested here. */
export const engines = [
  { engine: 'SQLite', make: () => sqlitePlace(), open: sqliteTestStore, isHere: true },
  {
    engine: 'PostgreSQL',
    make: () => postgresPlace(),
    open: postgresTestStore,
    isHere: process.env['WARDKEY_TEST_POSTGRES_URL'] !== undefined,
  },
] as const
