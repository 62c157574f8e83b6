// The one writer of a SQLite database, in a thread of its own so that a flush never holds up the
// event loop: takes batches of units, writes each batch in one transaction, answers when it is on
// disk. It knows statements and rows, and nothing of what they mean.

import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { Database as Connection, Statement } from 'better-sqlite3'
import type { BatchAnswer, BatchOrder, UnitOrder, WriterStart } from './sqlite-orders.ts'

class Writer {
  readonly #db: Connection
  /** By the index under which the store speaks of them. */
  readonly #statements: Statement[] = []
  readonly #insertFact: Statement
  readonly #nextIndex: Statement
  readonly #begin: Statement
  readonly #commit: Statement

  constructor(path: string) {
    this.#db = openForWriting(path)
    this.#insertFact = this.#db.prepare(
      'insert into fact (idx, id, at_ms, code, person_id, workstation_id, session_id, body) ' +
        'values (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#begin = this.#db.prepare('begin immediate')
    this.#commit = this.#db.prepare('commit')
    this.#nextIndex = this.#db.prepare('select coalesce(max(idx) + 1, 0) as next from fact')
  }

  /**
   * Nearly always every unit of a batch holds, so it is first tried as one; when one does not, all is
   * taken back and done again with a savepoint around each.
   */
  write(batch: BatchOrder): BatchAnswer {
    try {
      for (const sql of batch.newSql) this.#statements.push(this.#db.prepare(sql))
      const outcomes = this.#writeAsOne(batch) ?? this.#writeEach(batch)
      return { kind: 'written', batchId: batch.batchId, outcomes }
    } catch (thrown) {
      if (this.#db.inTransaction) this.#db.exec('rollback')
      return { kind: 'failed', batchId: batch.batchId, outcomes: [], reason: reasonOf(thrown) }
    }
  }

  #writeAsOne(batch: BatchOrder): (number | null)[] | undefined {
    this.#begin.run()
    const outcomes: (number | null)[] = []
    let next = this.#next()
    for (const unit of batch.units) {
      if (!this.#writeUnit(unit, next)) {
        this.#db.exec('rollback')
        return undefined
      }
      outcomes.push(next)
      next += unit.facts.length
    }
    this.#commit.run()
    return outcomes
  }

  #writeEach(batch: BatchOrder): (number | null)[] {
    this.#begin.run()
    const outcomes: (number | null)[] = []
    let next = this.#next()
    for (const unit of batch.units) {
      this.#db.exec('savepoint unit')
      const isKept = this.#writeUnit(unit, next)
      this.#db.exec(isKept ? 'release unit' : 'rollback to unit; release unit')
      outcomes.push(isKept ? next : null)
      if (isKept) next += unit.facts.length
    }
    this.#commit.run()
    return outcomes
  }

  /** Asked anew in each transaction: a command on the same machine may have written since. */
  #next(): number {
    return (this.#nextIndex.get() as { next: number }).next
  }

  /** False where a guard or a constraint did not hold; what was written then has to be taken back. */
  #writeUnit(unit: UnitOrder, firstIndex: number): boolean {
    try {
      for (const { sql, parameters, expectRows } of unit.writes) {
        const statement = this.#statements[sql]
        if (!statement) throw new Error('a statement that was never sent')
        const { changes } = statement.run(...parameters)
        if (expectRows !== undefined && changes !== expectRows) return false
      }
      unit.facts.forEach(([id, atMs, code, person, workstation, session, body], offset) => {
        const index = firstIndex + offset
        const bytes = Buffer.from(body, 'utf8')
        this.#insertFact.run(index, id, atMs, code, person, workstation, session, bytes)
      })
      return true
    } catch (thrown) {
      // A constraint that does not hold is what guards are for; everything else ends the batch.
      if (!isConstraint(thrown)) throw thrown
      return false
    }
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
