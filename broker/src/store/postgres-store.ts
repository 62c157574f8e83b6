// The store on PostgreSQL, for brokers that share the load: the same units, guards and receipts.
// One connection writes; reads go through a pool.

import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { Fault } from '../platform/fault.ts'
import { CommitQueue } from './commit-queue.ts'
import { migrate } from './migrate.ts'
import { outliveServer } from './postgres/outlive-server.ts'
import { numbers } from './postgres/values.ts'
import { PostgresWriter } from './postgres/writer.ts'
import type { Schema } from './schema.ts'
import type { Committed, Store, Unit } from './store.ts'

const batchMax = 256
const readersMax = 8
const readMaxMs = 10_000
/** The server ends a question that takes too long; this is for when the server does not answer. */
const answerMaxMs = 12_000

export interface PostgresStoreSettings {
  readonly url: string
  readonly onFatal: (cause: Error) => void
}

/** Opens and migrates. Throws Fault where the server acknowledges what a power cut would lose. */
export async function openPostgresStore({ url, onFatal }: PostgresStoreSettings): Promise<Store> {
  await migrateServer(url)
  const pool = new pg.Pool({
    types: numbers,
    connectionString: url,
    max: readersMax,
    statement_timeout: readMaxMs,
    query_timeout: answerMaxMs,
    connectionTimeoutMillis: readMaxMs,
    application_name: 'wardkey-broker-reader',
  })
  outliveServer(pool)
  const read = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  const writer = new PostgresWriter(url)
  try {
    await writer.assertDurable()
  } catch (thrown) {
    await writer.close()
    await read.destroy()
    throw thrown
  }
  const write = (units: readonly Unit[]) => writer.write(units)
  return new PostgresStore(read, writer, new CommitQueue({ write, batchMax, onFatal }))
}

class PostgresStore implements Store {
  readonly engine = 'postgres'
  readonly read: Kysely<Schema>
  readonly #writer: PostgresWriter
  readonly #queue: CommitQueue

  constructor(read: Kysely<Schema>, writer: PostgresWriter, queue: CommitQueue) {
    this.read = read
    this.#writer = writer
    this.#queue = queue
  }

  get waiting(): number {
    return this.#queue.waiting
  }

  commit(unit: Unit): Promise<Committed> {
    return this.#queue.commit(unit)
  }

  async close(): Promise<void> {
    await this.#queue.close()
    await this.#writer.close()
    await this.read.destroy()
  }
}

/** On a connection of its own, which may take as long as a large table needs. */
async function migrateServer(url: string): Promise<void> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: readMaxMs,
    application_name: 'wardkey-broker-migrate',
  })
  outliveServer(pool)
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrate(db, 'postgres')
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    throw new Fault('store-unavailable', 'permanent', { cause: thrown })
  } finally {
    await db.destroy()
  }
}
