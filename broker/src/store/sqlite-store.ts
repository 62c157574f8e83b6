// The store on SQLite: one file, one writer thread, as many readers as there are questions. Units
// that arrive while a batch is on its way to the disk share the next flush.

import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Fault } from '../platform/fault.ts'
import { keepStatements } from './kept-statements.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import type { BatchAnswer, BatchOrder, UnitOrder } from './sqlite-orders.ts'
import type { Committed, Receipt, Store, Unit } from './store.ts'

/** More waiting units than this are shed: better an answer now than one after a minute. */
const waitingMax = 20_000
/** Keeps one flush's share of the time, and of memory, within bounds. */
const batchMax = 1024
const sqlMax = 2000

export interface SqliteStoreSettings {
  readonly path: string
  /** The disk can no longer be trusted: the process must end, and say so. */
  readonly onFatal: (cause: Error) => void
}

interface Waiting {
  readonly order: UnitOrder
  readonly resolve: (committed: Committed) => void
  readonly reject: (fault: Fault) => void
}

/** Opens, migrates and starts the writer. */
export async function openSqliteStore(settings: SqliteStoreSettings): Promise<Store> {
  const db = new Database(settings.path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('busy_timeout = 5000')
  const read = new Kysely<Schema>({ dialect: new SqliteDialect({ database: keepStatements(db) }) })
  await migrate(read, 'sqlite')
  // From here on this connection only reads: writing is the worker's.
  db.pragma('query_only = ON')
  const worker = new Worker(new URL('./sqlite-writer.ts', import.meta.url), {
    workerData: { path: settings.path },
  })
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => {
      resolve()
    })
    worker.once('error', reject)
  })
  return new SqliteStore(read, worker, settings.onFatal)
}

class SqliteStore implements Store {
  readonly engine = 'sqlite'
  readonly read: Kysely<Schema>
  readonly #worker: Worker
  readonly #onFatal: (cause: Error) => void
  readonly #queue: Waiting[] = []
  #inFlight: readonly Waiting[] = []
  #batchId = 0
  /** Statement texts by index; the writer has prepared those before `#newSql`. */
  readonly #sqlIndexes = new Map<string, number>()
  #newSql: string[] = []
  #isClosed = false
  #ended: Promise<void>

  constructor(read: Kysely<Schema>, worker: Worker, onFatal: (cause: Error) => void) {
    this.read = read
    this.#worker = worker
    this.#onFatal = onFatal
    worker.on('message', (answer: BatchAnswer) => {
      this.#settle(answer)
    })
    worker.on('error', (cause) => {
      this.#fail(new Fault('store-unavailable', 'ambiguous', { cause }))
      this.#onFatal(cause instanceof Error ? cause : new Error('the writer ended'))
    })
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        resolve()
      })
    })
  }

  get waiting(): number {
    return this.#queue.length + this.#inFlight.length
  }

  commit(unit: Unit): Promise<Committed> {
    if (this.#isClosed) return Promise.reject(new Fault('store-unavailable', 'transient'))
    if (this.#queue.length >= waitingMax) {
      return Promise.reject(new Fault('store-queue-full', 'transient'))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ order: this.#orderOf(unit), resolve, reject })
      if (this.#inFlight.length === 0) this.#send()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    while (this.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    this.#worker.postMessage('close')
    await this.#ended
    await this.read.destroy()
  }

  #orderOf(unit: Unit): UnitOrder {
    return {
      writes: unit.writes.map(({ query, expectRows }) => ({
        sql: this.#sqlIndex(query.sql),
        parameters: query.parameters,
        expectRows,
      })),
      facts:
        unit.kind === 'housekeeping'
          ? []
          : unit.facts.map((fact) => [
              fact.id,
              fact.atMs,
              fact.code,
              fact.personId,
              fact.workstationId,
              fact.sessionId,
              textOf(fact.body),
            ]),
    }
  }

  #sqlIndex(sql: string): number {
    const known = this.#sqlIndexes.get(sql)
    if (known !== undefined) return known
    const index = this.#sqlIndexes.size
    // Texts are few, because values are parameters; more means that somebody builds SQL from values.
    if (index >= sqlMax) throw new Error('too many different statements')
    this.#sqlIndexes.set(sql, index)
    this.#newSql.push(sql)
    return index
  }

  #send(): void {
    this.#inFlight = this.#queue.splice(0, batchMax)
    if (this.#inFlight.length === 0) return
    this.#batchId += 1
    const batch: BatchOrder = {
      batchId: this.#batchId,
      newSql: this.#newSql,
      units: this.#inFlight.map(({ order }) => order),
    }
    this.#newSql = []
    this.#worker.postMessage(batch)
  }

  #settle(answer: BatchAnswer): void {
    if (answer.kind === 'failed') {
      const isDisk = answer.reason === 'disk'
      const fault =
        answer.reason === 'full'
          ? new Fault('store-full', 'transient')
          : new Fault('store-unavailable', isDisk ? 'ambiguous' : 'transient')
      this.#fail(fault)
      if (isDisk) this.#onFatal(fault)
    } else {
      this.#inFlight.forEach(({ order, resolve }, position) => {
        const firstIndex = answer.outcomes[position] ?? null
        resolve(
          firstIndex === null
            ? { kind: 'conflict' }
            : { kind: 'committed', receipt: receipt(firstIndex, order.facts.length) },
        )
      })
    }
    this.#inFlight = []
    this.#send()
  }

  #fail(fault: Fault): void {
    for (const { reject } of this.#inFlight) reject(fault)
  }
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
}

function receipt(firstIndex: number, count: number): Receipt {
  return { firstIndex, count } as Receipt
}
