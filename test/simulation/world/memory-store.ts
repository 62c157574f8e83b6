// The store's contract on SQLite in memory, in this thread: the real schema, the real statements,
// units written one by one. Whoever opens it says how long a flush and a look take, and when the
// disk is full or the process dies at a write. Nothing in it survives this process.

import Database from 'better-sqlite3'
import type { Database as Connection, Statement } from 'better-sqlite3'
import { CompiledQuery, Kysely, SqliteDialect } from 'kysely'
import type { DatabaseConnection, Driver, QueryResult } from 'kysely'
import { Fault } from '@wardkey/broker/platform/fault'
import { migrate } from '@wardkey/broker/store/migrate'
import type { Schema } from '@wardkey/broker/store/schema'
import { planOf } from './plan-once.ts'
import type { Committed, Receipt, Store, Unit } from '@wardkey/broker/store/store'

interface Prepared {
  readonly statement: Statement
  readonly values: readonly unknown[]
}

type Outcome = { readonly firstIndex: number } | 'conflict' | { readonly wrong: unknown }

/** A migrated, empty database as statements that make it: made once, run in each world. */
export type Image = string

export async function emptyImage(): Promise<Image> {
  const connection = new Database(':memory:')
  connection.exec('begin exclusive')
  await migrate(new Kysely({ dialect: new SqliteDialect({ database: connection }) }), 'sqlite')
  connection.exec('commit')
  const made = connection
    .prepare(
      'select name, type, sql from sqlite_master ' +
        "where sql is not null and name not like 'sqlite_%' order by rowid",
    )
    .all() as { readonly name: string; readonly type: string; readonly sql: string }[]
  const tables = made.filter(({ type }) => type === 'table')
  const rows = tables.flatMap(({ name }) => rowsOf(name, connection))
  connection.close()
  return ['begin', ...made.map(({ sql }) => sql), ...rows, 'commit'].join(';\n')
}

/** What the migrations themselves have written. */
function rowsOf(table: string, connection: Connection): readonly string[] {
  const columns = connection.pragma(`table_info("${table}")`) as { readonly name: string }[]
  const quoted = columns.map(({ name }) => `quote("${name}")`).join(" || ', ' || ")
  const rows = connection.prepare(`select ${quoted} as row from "${table}"`).all()
  return (rows as { readonly row: string }[]).map(
    ({ row }) => `insert into "${table}" values (${row})`,
  )
}

const watched = ['session', 'person', 'emergency_grant'] as const
type Watched = (typeof watched)[number]
const changes = [
  ['insert', 'new'],
  ['update', 'new'],
  ['delete', 'old'],
] as const

/** What lies on the disk, whichever brokers are alive. */
export class MemoryDisk {
  readonly connection: Connection
  isFull = false
  /** Flushes and looks take long until then. */
  slowUntilMs = 0
  /** Hears of each unit that is on the disk, in their order. */
  onUnit: (unit: Unit, firstIndex: number) => void = () => undefined
  /** Rows that the unit on its way to the disk has written, by their ids. */
  readonly written: Readonly<Record<Watched, Set<string>>> = {
    session: new Set(),
    person: new Set(),
    emergency_grant: new Set(),
  }
  readonly #statements = new Map<string, Statement>()

  constructor(image: Image) {
    this.connection = new Database(':memory:')
    this.connection.exec(image)
    this.connection.pragma('foreign_keys = ON')
    for (const table of watched) this.#watch(table)
  }

  #watch(table: Watched): void {
    this.connection.function(`${table}_written`, (id: string) => {
      this.written[table].add(id)
      return null
    })
    for (const [what, row] of changes) {
      this.connection.exec(
        `create temp trigger ${table}_${what} after ${what} on main.${table} ` +
          `begin select ${table}_written(${row}.id); end`,
      )
    }
  }

  statement(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    if (this.#statements.size > 500) this.#statements.clear()
    const statement = this.connection.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  /** With what it is run with. */
  prepared(sql: string, parameters: readonly unknown[]): Prepared {
    const plan = planOf(sql, parameters)
    return { statement: this.statement(plan.sql), values: plan.values }
  }

  write(unit: Unit): Outcome {
    this.statement('begin').run()
    for (const table of watched) this.written[table].clear()
    try {
      const firstIndex = this.#writeAll(unit)
      this.statement(firstIndex === undefined ? 'rollback' : 'commit').run()
      if (firstIndex === undefined) return 'conflict'
      this.onUnit(unit, firstIndex)
      return { firstIndex }
    } catch (thrown) {
      if (!this.connection.inTransaction) throw thrown
      this.statement('rollback').run()
      const code = thrown instanceof Database.SqliteError ? thrown.code : ''
      const isTaken = /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)$/.test(code)
      return isTaken ? 'conflict' : { wrong: thrown }
    }
  }

  #writeAll(unit: Unit): number | undefined {
    for (const { query, expectRows } of unit.writes) {
      const { statement, values } = this.prepared(query.sql, query.parameters)
      const { changes } = statement.run(...values)
      if (expectRows !== undefined && changes !== expectRows) return undefined
    }
    const next = this.statement('select coalesce(max(idx) + 1, 0) as next from fact').get()
    const firstIndex = (next as { next: number }).next
    if (unit.kind === 'housekeeping') return firstIndex
    const insert = this.statement(
      'insert into fact (idx, id, at_ms, code, person_id, workstation_id, session_id, body) ' +
        'values (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    unit.facts.forEach((fact, offset) => {
      const { id, atMs, code, personId, workstationId, sessionId } = fact
      const body = Buffer.from(fact.body)
      insert.run(firstIndex + offset, id, atMs, code, personId, workstationId, sessionId, body)
    })
    return firstIndex
  }
}

export interface MemoryStoreNeeds {
  readonly disk: MemoryDisk
  readonly after: (delayMs: number, run: () => void) => unknown
  /** How long the next flush takes. */
  readonly flushMs: () => number
  /** How long the next look takes; 0 is at once. */
  readonly lookMs: () => number
  /** What becomes of this write besides being written. */
  readonly fate: () => 'written' | 'dies-before' | 'dies-after' | 'answer-lost'
}

interface Waiting {
  readonly unit: Unit
  readonly resolve: (committed: Committed) => void
  readonly reject: (fault: Fault) => void
}

export class MemoryStore implements Store {
  readonly engine = 'sqlite'
  readonly read: Kysely<Schema>
  /** For whoever may not be kept waiting. */
  readonly readAtOnce: Kysely<Schema>
  readonly #needs: MemoryStoreNeeds
  #queue: Waiting[] = []
  #drained: Promise<void> | undefined
  #isClosed = false

  constructor(needs: MemoryStoreNeeds) {
    this.#needs = needs
    this.read = new Kysely<Schema>({ dialect: new LookingDialect(needs) })
    const atOnce = new LookingDialect({ ...needs, lookMs: () => 0 })
    this.readAtOnce = new Kysely<Schema>({ dialect: atOnce })
  }

  get waiting(): number {
    return this.#queue.length
  }

  commit(unit: Unit): Promise<Committed> {
    if (this.#isClosed) return Promise.reject(new Fault('store-unavailable', 'transient'))
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, resolve, reject })
      this.#drained ??= new Promise((drained) => {
        this.#needs.after(this.#needs.flushMs(), () => {
          this.#drained = undefined
          this.#flush()
          drained()
        })
      })
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#drained
  }

  /** As a batch of the product's: those that arrived meanwhile, each by itself. */
  #flush(): void {
    const { disk, fate } = this.#needs
    for (const waiting of this.#queue.splice(0)) {
      const next = fate()
      // Nobody is left who could hear of it.
      if (next === 'dies-before') return
      if (disk.isFull) {
        waiting.reject(new Fault('store-full', 'transient'))
        continue
      }
      const outcome = disk.write(waiting.unit)
      if (next === 'dies-after') return
      if (next === 'answer-lost') waiting.reject(new Fault('store-unavailable', 'ambiguous'))
      else answer(waiting, outcome)
    }
  }
}

function answer({ unit, resolve, reject }: Waiting, outcome: Outcome): void {
  if (outcome === 'conflict') resolve({ kind: 'conflict' })
  else if ('wrong' in outcome) {
    reject(new Fault('internal', 'permanent', { cause: outcome.wrong }))
  } else {
    const factIds = unit.kind === 'recorded' ? unit.facts.map(({ id }) => id) : []
    const receipt = { factIds, firstIndex: outcome.firstIndex, count: factIds.length }
    resolve({ kind: 'committed', receipt: receipt as unknown as Receipt })
  }
}

/** SQLite's dialect with a driver that only looks, and may be made to wait before it does. */
class LookingDialect extends SqliteDialect {
  readonly #needs: MemoryStoreNeeds

  constructor(needs: MemoryStoreNeeds) {
    super({ database: needs.disk.connection })
    this.#needs = needs
  }

  override createDriver(): Driver {
    const connection = new LookingConnection(this.#needs)
    const nothing = (): Promise<void> => Promise.resolve()
    const refuse = (): Promise<never> => Promise.reject(new Error('only for reading'))
    return {
      init: nothing,
      acquireConnection: () => Promise.resolve(connection),
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      releaseConnection: nothing,
      destroy: nothing,
    }
  }
}

class LookingConnection implements DatabaseConnection {
  readonly #needs: MemoryStoreNeeds

  constructor(needs: MemoryStoreNeeds) {
    this.#needs = needs
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { disk, after, lookMs } = this.#needs
    const waitMs = lookMs()
    if (waitMs > 0) {
      await new Promise<void>((resolve) => {
        after(waitMs, resolve)
      })
    }
    const { statement, values } = disk.prepared(sql, parameters)
    if (!statement.reader) throw new Error('attempt to write a readonly database')
    return { rows: statement.all(...values) as Row[] }
  }

  async *streamQuery(): AsyncGenerator<never> {
    await Promise.reject(new Error('nothing here streams'))
  }
}
