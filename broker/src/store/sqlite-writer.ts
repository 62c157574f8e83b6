// The one writer of a SQLite database, in a thread of its own so that a flush never holds up the
// event loop: takes batches of units, writes each batch in one transaction, answers when it is on
// disk. It knows statements and rows, and nothing of what they mean.

import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { Database as Connection, Statement } from 'better-sqlite3'
import type { BatchAnswer, BatchOrder, UnitOrder, WriterStart } from './sqlite-orders.ts'

/** Statements prepared once; more texts than this mean that somebody builds SQL from values. */
const statementsMax = 500

class Writer {
  readonly #db: Connection
  readonly #statements = new Map<string, Statement>()
  readonly #insertFact: Statement
  readonly #nextIndex: Statement

  constructor(path: string) {
    this.#db = openForWriting(path)
    this.#insertFact = this.#db.prepare(
      'insert into fact (idx, id, at_ms, code, person_id, workstation_id, session_id, body) ' +
        'values (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#nextIndex = this.#db.prepare('select coalesce(max(idx) + 1, 0) as next from fact')
  }

  write(batch: BatchOrder): BatchAnswer {
    const outcomes: BatchAnswer['outcomes'] = []
    this.#db.exec('begin immediate')
    try {
      // Asked anew each time: a command on the same machine may have written since.
      let next = (this.#nextIndex.get() as { next: number }).next
      for (const unit of batch.units) {
        const count = this.#writeUnit(unit, next)
        outcomes.push(count === undefined ? null : next)
        next += count ?? 0
      }
      this.#db.exec('commit')
    } catch (thrown) {
      if (this.#db.inTransaction) this.#db.exec('rollback')
      return { kind: 'failed', batchId: batch.batchId, outcomes: [], reason: reasonOf(thrown) }
    }
    return { kind: 'written', batchId: batch.batchId, outcomes }
  }

  /** How many facts were written, or nothing where the unit was undone. */
  #writeUnit(unit: UnitOrder, firstIndex: number): number | undefined {
    this.#db.exec('savepoint unit')
    let isKept = false
    try {
      isKept = unit.writes.every(({ sql, parameters, expectRows }) => {
        const { changes } = this.#prepare(sql).run(...parameters)
        return expectRows === undefined || changes === expectRows
      })
      if (isKept) {
        unit.facts.forEach((fact, offset) => {
          this.#insertFact.run(firstIndex + offset, ...fact)
        })
      }
    } catch (thrown) {
      // A constraint that does not hold is what guards are for; everything else ends the batch.
      if (!isConstraint(thrown)) throw thrown
      isKept = false
    }
    this.#db.exec(isKept ? 'release unit' : 'rollback to unit; release unit')
    return isKept ? unit.facts.length : undefined
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    if (this.#statements.size >= statementsMax) this.#statements.clear()
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  close(): void {
    this.#db.close()
  }
}

/**
 * Opens with every commit flushed, and looks whether that is really so: better-sqlite3 comes with
 * NORMAL for databases that are in WAL mode already, under which an acknowledged commit can be lost
 * in a power cut.
 */
function openForWriting(path: string): Connection {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('busy_timeout = 5000')
  const isFull = db.pragma('synchronous', { simple: true }) === 2
  const isWal = db.pragma('journal_mode', { simple: true }) === 'wal'
  if (!isFull || !isWal) throw new Error('SQLite does not flush every commit here')
  return db
}

function isConstraint(thrown: unknown): boolean {
  return codeOf(thrown).startsWith('SQLITE_CONSTRAINT')
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : ''
}

function reasonOf(thrown: unknown): 'full' | 'busy' | 'statement' | 'disk' {
  const code = codeOf(thrown)
  if (code === 'SQLITE_FULL') return 'full'
  if (code.startsWith('SQLITE_BUSY')) return 'busy'
  // What a disk reports after a failed flush cannot be trusted any more: the process ends.
  if (/^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY)/.test(code)) return 'disk'
  return 'statement'
}

if (parentPort) {
  const port = parentPort
  const writer = new Writer((workerData as WriterStart).path)
  port.on('message', (order: BatchOrder | 'close') => {
    if (order === 'close') {
      writer.close()
      port.close()
    } else port.postMessage(writer.write(order))
  })
  port.postMessage('ready')
}
