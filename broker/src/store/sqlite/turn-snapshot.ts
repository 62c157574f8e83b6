// One look at the database for everything that is asked in the same turn of the event loop: locks
// are taken once, and pages are read once, for many questions. It never outlives the turn, nor an
// answer that something was committed.

import type { Database, Statement } from 'better-sqlite3'
import { Fault } from '../../platform/fault.ts'

export class TurnSnapshot {
  readonly #db: Database
  readonly #begin: Statement
  readonly #end: Statement
  readonly #onBroken: (cause: Error) => void
  #isHeld = false

  /** `onBroken`: not even an end could be read. It comes from nobody's question, so it is told. */
  constructor(db: Database, onBroken: (cause: Error) => void) {
    this.#db = db
    this.#onBroken = onBroken
    this.#begin = db.prepare('begin')
    this.#end = db.prepare('commit')
  }

  /** Before a question: what it sees is at most as old as this turn. */
  enter(): void {
    if (this.#isHeld) return
    this.#begin.run()
    this.#isHeld = true
    setImmediate(() => {
      this.leave()
    })
  }

  /** The next question sees what is committed now. */
  leave(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    // An error of the disk may have ended it already, and so does closing.
    if (!this.#db.open || !this.#db.inTransaction) return
    try {
      this.#end.run()
    } catch (cause) {
      this.#onBroken(new Fault('store-unavailable', 'permanent', { cause }))
    }
  }
}
