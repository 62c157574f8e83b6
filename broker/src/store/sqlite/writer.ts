// The one writer of a SQLite database, in a thread of its own so that a flush never holds up the
// event loop: takes batches of units, writes each batch in one transaction, answers when it is on
// disk. It knows statements and rows, and nothing of what they mean.

import { parentPort, workerData } from 'node:worker_threads'
import type { Database as Connection, Statement } from 'better-sqlite3'
import { openForWriting } from './connection.ts'
import type { BatchAnswer, BatchOrder, UnitAnswer, UnitOrder, WriterStart } from './orders.ts'

/**
 * The WAL goes back into the file after so many changed rows. Not SQLite's own automatic: that one
 * swallows its errors, and a flush that failed must end us; and ours runs after the answer.
 */
const rowsPerCheckpoint = 4_000

/** Pages in the WAL, and how many of them are in the file now. */
interface CheckpointDone {
  readonly busy: number
  readonly log: number
  readonly checkpointed: number
}

class Writer {
  readonly #db: Connection
  /** By the index under which the store speaks of them; a text that is no SQL has none. */
  #statements: (Statement | string)[] = []
  readonly #insertFact: Statement
  readonly #nextIndex: Statement
  readonly #begin: Statement
  readonly #commit: Statement
  #rows = 0
  /** The disk was full: whatever room there is now is the file's first, and the WAL begins anew. */
  #isShort = true

  constructor(path: string) {
    this.#db = openForWriting(path)
    this.#db.pragma('wal_autocheckpoint = 0')
    this.#insertFact = this.#db.prepare(
      'insert into fact (idx, id, at_ms, code, person_id, workstation_id, session_id, body) ' +
        'values (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#begin = this.#db.prepare('begin immediate')
    this.#commit = this.#db.prepare('commit')
    this.#nextIndex = this.#db.prepare('select coalesce(max(idx) + 1, 0) as next from fact')
    const cause = this.checkpoint()
    if (cause !== undefined) throw new Error(cause)
  }

  /**
   * Nearly always every unit of a batch holds, so it is first tried as one; when one does not, all
   * is taken back and done again with a savepoint around each.
   */
  write(batch: BatchOrder): BatchAnswer {
    try {
      if (batch.isReset) this.#statements = []
      for (const sql of batch.newSql) this.#statements.push(this.#prepare(sql))
      const outcomes = this.#writeAsOne(batch) ?? this.#writeEach(batch)
      return { kind: 'written', outcomes }
    } catch (thrown) {
      if (this.#db.inTransaction) this.#db.exec('rollback')
      // What nobody foresaw is not known to be harmless.
      const reason = reasonOf(thrown) ?? 'disk'
      this.#isShort ||= reason === 'full'
      return { kind: 'failed', reason, cause: textOf(thrown) }
    }
  }

  /**
   * Puts the WAL back into the file where it is time. Returns why the disk can no longer be
   * trusted, where it is so; where there is only no room, or somebody reads, it is done later.
   */
  checkpoint(): string | undefined {
    if (this.#rows < rowsPerCheckpoint && !this.#isShort) return undefined
    try {
      const [done] = this.#db.pragma('wal_checkpoint(PASSIVE)') as readonly CheckpointDone[]
      this.#rows = 0
      this.#isShort &&= done?.busy !== 0 || done.log !== done.checkpointed
    } catch (thrown) {
      if (reasonOf(thrown) === 'disk') return textOf(thrown)
    }
    return undefined
  }

  close(): void {
    this.#db.close()
  }

  #writeAsOne(batch: BatchOrder): UnitAnswer[] | undefined {
    this.#begin.run()
    const outcomes: UnitAnswer[] = []
    let next = this.#next()
    for (const unit of batch.units) {
      if (this.#writeUnit(unit, next) !== 'kept') {
        this.#db.exec('rollback')
        return undefined
      }
      outcomes.push(next)
      next += unit.facts.length
    }
    this.#commit.run()
    return outcomes
  }

  #writeEach(batch: BatchOrder): UnitAnswer[] {
    this.#begin.run()
    const outcomes: UnitAnswer[] = []
    let next = this.#next()
    for (const unit of batch.units) {
      this.#db.exec('savepoint unit')
      const done = this.#writeUnit(unit, next)
      this.#db.exec(done === 'kept' ? 'release unit' : 'rollback to unit; release unit')
      outcomes.push(done === 'kept' ? next : done === 'conflict' ? null : done.wrong)
      if (done === 'kept') next += unit.facts.length
    }
    this.#commit.run()
    return outcomes
  }

  /** Asked anew in each transaction: a command on the same machine may have written since. */
  #next(): number {
    return (this.#nextIndex.get() as { next: number }).next
  }

  /** What is not kept has to be taken back. Throws what concerns the whole batch: the disk. */
  #writeUnit(unit: UnitOrder, firstIndex: number): 'kept' | 'conflict' | { wrong: string } {
    try {
      for (const [index, expectRows, ...parameters] of unit.writes) {
        const statement = this.#statements[index]
        if (typeof statement !== 'object') return { wrong: statement ?? 'never sent' }
        const { changes } = statement.run(...parameters)
        this.#rows += changes
        if (expectRows >= 0 && changes !== expectRows) return 'conflict'
      }
      unit.facts.forEach(([id, atMs, code, person, workstation, session, body], offset) => {
        const bytes = Buffer.from(body, 'latin1')
        const index = firstIndex + offset
        this.#insertFact.run(index, id, atMs, code, person, workstation, session, bytes)
      })
      this.#rows += unit.facts.length
      return 'kept'
    } catch (thrown) {
      const isWhole = reasonOf(thrown) !== undefined || !this.#db.inTransaction
      if (isWhole) throw thrown
      // One owner, one screen, one fact of an id: somebody else was first, which is what guards are
      // for.
      const isTaken = /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)$/.test(codeOf(thrown))
      return isTaken ? 'conflict' : { wrong: textOf(thrown) }
    }
  }

  #prepare(sql: string): Statement | string {
    try {
      return this.#db.prepare(sql)
    } catch (thrown) {
      if (reasonOf(thrown) !== undefined) throw thrown
      return textOf(thrown)
    }
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : ''
}

function textOf(thrown: unknown): string {
  const code = codeOf(thrown)
  const text = thrown instanceof Error ? thrown.message : 'failed'
  return code === '' ? text : `${code}: ${text}`
}

/** Why nothing at all can be written now; nothing where the fault is one statement's own. */
function reasonOf(thrown: unknown): 'full' | 'busy' | 'disk' | undefined {
  const code = codeOf(thrown)
  // The shared index beside the WAL cannot grow on a full disk either.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return 'full'
  if (/^SQLITE_(BUSY|LOCKED|NOMEM)/.test(code)) return 'busy'
  // What a disk reports after a failed flush cannot be trusted any more: the process ends.
  if (/^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|PROTOCOL)/.test(code)) return 'disk'
  return undefined
}

if (parentPort) {
  const port = parentPort
  const writer = new Writer((workerData as WriterStart).path)
  port.on('message', (order: BatchOrder | 'close') => {
    if (order === 'close') {
      writer.close()
      port.close()
      return
    }
    port.postMessage(writer.write(order))
    const cause = writer.checkpoint()
    if (cause !== undefined) port.postMessage({ kind: 'ended', cause } satisfies BatchAnswer)
  })
  port.postMessage('ready')
}
