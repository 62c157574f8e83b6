// The store on SQLite: one file, one writer thread, and a connection that only reads.

import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Database as Connection } from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Fault } from '../platform/fault.ts'
import { CommitQueue } from './commit-queue.ts'
import { keepStatements } from './sqlite/kept-statements.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import { openForReading, openForWriting } from './sqlite/connection.ts'
import { SqliteThread } from './sqlite/thread.ts'
import { TurnSnapshot } from './sqlite/turn-snapshot.ts'
import type { Committed, Store, Unit } from './store.ts'

const batchMax = 1024
/** Another process that migrates a large database may take its time. */
const migrateMaxMs = 60_000

export interface SqliteStoreSettings {
  readonly path: string
  /** The disk can no longer be trusted: the process must end, and say so. Called once at most. */
  readonly onFatal: (cause: Error) => void
}

/** Opens, migrates and starts the writer. Throws where commits would not be flushed. */
export async function openSqliteStore({ path, onFatal }: SqliteStoreSettings): Promise<Store> {
  await migrateFile(path)
  const state = { isEnded: false }
  const endOnce = (cause: Error): void => {
    if (!state.isEnded) onFatal(cause)
    state.isEnded = true
  }
  const thread = await SqliteThread.start(path, endOnce)
  const reader = openForReading(path)
  const snapshot = new TurnSnapshot(reader, endOnce)
  const database = keepStatements(reader, snapshot)
  const read = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
  const write = async (units: readonly Unit[]) => {
    try {
      return await thread.write(units)
    } finally {
      // Whoever hears what became of a unit must not look at what was before it.
      snapshot.leave()
    }
  }
  return new SqliteStore(read, thread, new CommitQueue({ write, batchMax, onFatal: endOnce }))
}

class SqliteStore implements Store {
  readonly engine = 'sqlite'
  readonly read: Kysely<Schema>
  readonly #thread: SqliteThread
  readonly #queue: CommitQueue

  constructor(read: Kysely<Schema>, thread: SqliteThread, queue: CommitQueue) {
    this.read = read
    this.#thread = thread
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
    // The writer ends last, since only the last one to close puts the WAL back into the file.
    await this.read.destroy()
    await this.#thread.close()
  }
}

/**
 * In one exclusive transaction: a process killed in the middle leaves the file as it was, and
 * another one that starts at the same time waits.
 */
async function migrateFile(path: string): Promise<void> {
  const db = openForWriting(path)
  try {
    await beginExclusive(db)
    await migrate(new Kysely({ dialect: new SqliteDialect({ database: db }) }), 'sqlite')
    db.exec('commit')
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    throw new Fault('store-unavailable', 'permanent', { cause: thrown })
  } finally {
    // Closing takes back what was not committed.
    db.close()
  }
}

/** Waits without holding up the event loop: the other one may be in this process. */
async function beginExclusive(db: Connection): Promise<void> {
  db.pragma('busy_timeout = 0')
  const untilMs = performance.now() + migrateMaxMs
  for (;;) {
    try {
      db.exec('begin exclusive')
      return
    } catch (thrown) {
      const isBusy = thrown instanceof Database.SqliteError && thrown.code === 'SQLITE_BUSY'
      if (!isBusy || performance.now() > untilMs) throw thrown
      await sleep(20)
    }
  }
}
