// How far retention is, whose turn it is, and what stopped it: of several brokers over one record
// one goes on with it for a while.

import type { Kysely } from 'kysely'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import type { Schema } from '../../store/schema.ts'
import type { Store, Write } from '../../store/store.ts'

type Db = Kysely<Schema>
export type RetentionState = Schema['retention_state']

/** A broker that dies is followed by another within this. */
export const turnMs = 60_000

export async function readState(db: Db): Promise<RetentionState> {
  return db.selectFrom('retention_state').selectAll().executeTakeFirstOrThrow()
}

/** False where it is another's turn. */
export async function takeTurn(me: string, nowMs: number, store: Store): Promise<boolean> {
  const { holder, until_ms: untilMs } = await readState(store.read)
  const isMine = holder === me
  // An end that no turn reaches was set by a clock that was ahead.
  const isAnothers = !isMine && untilMs > nowMs && untilMs <= nowMs + turnMs
  if (isAnothers) return false
  const query = store.read
    .updateTable('retention_state')
    .set({ holder: me, until_ms: nowMs + turnMs })
    .where('holder', '=', holder)
    .where('until_ms', '=', untilMs)
    .compile()
  const writes = [{ query, expectRows: 1 }]
  const taken = await store.commit({ kind: 'housekeeping', writes })
  return taken.kind === 'committed'
}

export interface ClassPlace {
  readonly nextIndex: number
  readonly beforeMs: number | null
}

export async function readPlace(db: Db, name: EndingClass): Promise<ClassPlace> {
  const row = await db
    .selectFrom('retention_class')
    .select(['next_idx', 'before_ms'])
    .where('class', '=', name)
    .executeTakeFirst()
  return { nextIndex: row?.next_idx ?? 0, beforeMs: row?.before_ms ?? null }
}

export function movePlace(db: Db, name: EndingClass, to: Partial<ClassPlace>): Write {
  const set = {
    ...(to.nextIndex === undefined ? {} : { next_idx: to.nextIndex }),
    ...(to.beforeMs === undefined ? {} : { before_ms: to.beforeMs }),
  }
  const query = db
    .insertInto('retention_class')
    .values({ class: name, next_idx: 0, before_ms: null, ...set })
    .onConflict((conflict) => conflict.column('class').doUpdateSet(set))
    .compile()
  return { query, expectRows: 1 }
}
