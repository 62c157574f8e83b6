// What a unit does to be second or first to a legal hold, and never beside it: all of them write
// one row, at which in PostgreSQL whoever is second waits.

import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import type { RetentionState } from './retention-state.ts'

type Db = Kysely<Schema>

/**
 * In the unit of what a purge goes by, holds and the record's key: one that is under way did not
 * see it, fails, and looks again. In PostgreSQL the row makes one of them wait for the other.
 */
export function purgeLooksAgain(db: Db): Write {
  const query = db
    .updateTable('retention_state')
    .set((eb) => ({ holds_version: eb('holds_version', '+', 1) }))
    .compile()
  return { query, expectRows: 1 }
}

/**
 * First in the unit of what a hold forbids: one that is being placed by another broker is committed
 * before the rest of the unit looks. Whoever places one then waits in turn.
 */
export function waitForHolds(db: Db): Write {
  const query = db
    .updateTable('retention_state')
    .set((eb) => ({ holds_version: eb.ref('holds_version') }))
    .compile()
  return { query, expectRows: 1 }
}

/** In the unit of a purge: it is still this one's turn, and none of that changed meanwhile. */
export function stillTurn(db: Db, me: string, { holds_version: holds }: RetentionState): Write {
  const query = db
    .updateTable('retention_state')
    .set({ holder: me })
    .where('holder', '=', me)
    .where('holds_version', '=', holds)
    .compile()
  return { query, expectRows: 1 }
}
