// One look at the database for everything that is asked in the same turn of the event loop: locks
// are taken once, and pages are read once, for many questions. It never outlives the turn, nor an
// answer that something was committed.

import type { Database, Statement } from 'better-sqlite3'

export class TurnSnapshot {
  readonly #db: Database
  readonly #begin: Statement
  readonly #end: Statement
  #isHeld = false

  constructor(db: Database) {
    this.#db = db
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
    if (this.#db.open && this.#db.inTransaction) this.#end.run()
  }
}
