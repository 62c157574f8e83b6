// The store on PostgreSQL, for brokers that share the load: the same units, guards and receipts. One
// connection writes; units that arrive while a batch is under way share the next commit.

import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { Fault } from '../platform/fault.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import type { Committed, FactBytes, Receipt, Store, Unit } from './store.ts'

const waitingMax = 20_000
const batchMax = 256
const readersMax = 8
const statementMaxMs = 15_000

/**
 * Holds the order of the record between brokers: taken before the next index is read and kept until
 * the commit, so that indexes are gapless and follow the order of commits.
 */
const recordLock = 0x57_4b_52_31

/** int8 as a number, as on SQLite: every count and time of ours is far below 2^53. */
const numbers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === pg.types.builtins.INT8) return Number
    const parse: unknown = pg.types.getTypeParser(oid, format)
    return parse
  },
}

/** Errors of one unit, not of the connection: constraints (23xxx) and lost races (40001, 40P01). */
const unitErrors = /^(23...|40001|40P01)$/

export interface PostgresStoreSettings {
  readonly url: string
  readonly onFatal: (cause: Error) => void
}

export async function openPostgresStore(settings: PostgresStoreSettings): Promise<Store> {
  const pool = new pg.Pool({
    types: numbers,
    connectionString: settings.url,
    max: readersMax,
    statement_timeout: statementMaxMs,
    connectionTimeoutMillis: statementMaxMs,
  })
  // An idle connection that breaks is replaced at the next question; without a listener it would end us.
  pool.on('error', () => undefined)
  const read = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  await migrate(read, 'postgres')
  const store = new PostgresStore(read, settings.url)
  await store.assertDurable()
  return store
}

interface Waiting {
  readonly unit: Unit
  readonly resolve: (committed: Committed) => void
  readonly reject: (fault: Fault) => void
}

class PostgresStore implements Store {
  readonly engine = 'postgres'
  readonly read: Kysely<Schema>
  readonly #url: string
  readonly #queue: Waiting[] = []
  #inFlight = 0
  #client: pg.Client | undefined
  #isClosed = false

  constructor(read: Kysely<Schema>, url: string) {
    this.read = read
    this.#url = url
  }

  get waiting(): number {
    return this.#queue.length + this.#inFlight
  }

  /** Throws where the server acknowledges commits that a power cut would lose. */
  async assertDurable(): Promise<void> {
    const client = await this.#connected()
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      const { rows } = await client.query<Record<string, string>>(`show ${name}`)
      if (Object.values(rows[0] ?? {})[0] === 'off') {
        throw new Fault('settings-not-valid', 'permanent', { cause: new Error(`${name} is off`) })
      }
    }
  }

  commit(unit: Unit): Promise<Committed> {
    if (this.#isClosed) return Promise.reject(new Fault('store-unavailable', 'transient'))
    if (this.#queue.length >= waitingMax) {
      return Promise.reject(new Fault('store-queue-full', 'transient'))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, resolve, reject })
      if (this.#inFlight === 0) void this.#drain()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    while (this.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await this.#client?.end()
    await this.read.destroy()
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, batchMax)
      this.#inFlight = batch.length
      await this.#write(batch)
      this.#inFlight = 0
    }
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    let isCommitting = false
    try {
      const client = await this.#connected()
      await client.query('begin')
      const outcomes = await this.#writeUnits(client, batch)
      isCommitting = true
      await client.query('commit')
      batch.forEach(({ resolve }, at) => {
        resolve(outcomes[at] ?? { kind: 'conflict' })
      })
    } catch (cause) {
      // After `commit` was sent nobody knows: only the same ids may be tried again.
      const fault = faultOf(cause, isCommitting)
      this.#drop()
      for (const { reject } of batch) reject(fault)
    }
  }

  async #writeUnits(client: pg.Client, batch: readonly Waiting[]): Promise<Committed[]> {
    const outcomes: Committed[] = []
    let next: number | undefined
    for (const { unit } of batch) {
      const facts = unit.kind === 'recorded' ? unit.facts : []
      await client.query('savepoint unit')
      const isKept = await this.#writeOne(client, unit)
      if (!isKept) {
        await client.query('rollback to savepoint unit')
        outcomes.push({ kind: 'conflict' })
        continue
      }
      if (facts.length > 0) next ??= await nextIndex(client)
      const firstIndex = next ?? 0
      if (!(await insertFacts(client, facts, firstIndex))) {
        await client.query('rollback to savepoint unit')
        outcomes.push({ kind: 'conflict' })
        continue
      }
      next = next === undefined ? undefined : next + facts.length
      outcomes.push({
        kind: 'committed',
        receipt: { firstIndex, count: facts.length } as Receipt,
      })
    }
    return outcomes
  }

  async #writeOne(client: pg.Client, unit: Unit): Promise<boolean> {
    for (const { query, expectRows } of unit.writes) {
      const { rowCount } = await guarded(() => client.query(query.sql, [...query.parameters]))
      if (rowCount === undefined) return false
      if (expectRows !== undefined && rowCount !== expectRows) return false
    }
    return true
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client
    const client = new pg.Client({
      types: numbers,
      connectionString: this.#url,
      statement_timeout: statementMaxMs,
      connectionTimeoutMillis: statementMaxMs,
      application_name: 'wardkey-broker-writer',
    })
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined
    })
    await client.connect()
    this.#client = client
    return client
  }

  #drop(): void {
    const client = this.#client
    this.#client = undefined
    client?.end().catch(() => undefined)
  }
}

/** Rows, or nothing where the statement did not hold for this unit alone. */
async function guarded(
  run: () => Promise<pg.QueryResult>,
): Promise<{ rowCount: number | undefined }> {
  try {
    const { rowCount } = await run()
    return { rowCount: rowCount ?? 0 }
  } catch (thrown) {
    if (!unitErrors.test(codeOf(thrown))) throw thrown
    return { rowCount: undefined }
  }
}

async function nextIndex(client: pg.Client): Promise<number> {
  await client.query('select pg_advisory_xact_lock($1)', [recordLock])
  const { rows } = await client.query<{ next: string }>(
    'select coalesce(max(idx) + 1, 0) as next from fact',
  )
  return Number(rows[0]?.next ?? 0)
}

async function insertFacts(
  client: pg.Client,
  facts: readonly FactBytes[],
  firstIndex: number,
): Promise<boolean> {
  if (facts.length === 0) return true
  const { rowCount } = await guarded(() =>
    client.query(
      `insert into fact (idx, id, at_ms, code, person_id, workstation_id, session_id, body)
       select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[],
         $6::text[], $7::text[], $8::bytea[])`,
      [
        facts.map((_, offset) => firstIndex + offset),
        facts.map(({ id }) => id),
        facts.map(({ atMs }) => atMs),
        facts.map(({ code }) => code),
        facts.map(({ personId }) => personId),
        facts.map(({ workstationId }) => workstationId),
        facts.map(({ sessionId }) => sessionId),
        facts.map(({ body }) => body),
      ],
    ),
  )
  return rowCount === facts.length
}

function faultOf(cause: unknown, isCommitting: boolean): Fault {
  // 53100: the server's disk is full.
  if (codeOf(cause) === '53100') return new Fault('store-full', 'transient', { cause })
  return new Fault('store-unavailable', isCommitting ? 'ambiguous' : 'transient', { cause })
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : ''
}
