// How far the rules of alerts have read, and whose turn it is: of several brokers over one record
// one holds it for a while, and goes on with it as long as it lives.

import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Store, Write } from '../../store/store.ts'

/** A broker that dies is followed by another within this. */
export const turnMs = 20_000

export interface AlertCursor {
  readonly nextIndex: number
  readonly passedMs: number
}

/** The turn was another's by the time of the commit: what was seen is its to say. */
export class TurnLost extends Error {}

export async function readCursor(db: Kysely<Schema>) {
  const row = await db.selectFrom('alert_cursor').selectAll().executeTakeFirstOrThrow()
  return {
    cursor: { nextIndex: row.next_idx, passedMs: row.passed_ms },
    holder: row.holder,
    untilMs: row.until_ms,
  }
}

/** Nothing where it is another's turn. */
export async function takeTurn(
  me: string,
  nowMs: number,
  { store }: { readonly store: Store },
): Promise<{ readonly cursor: AlertCursor; readonly isNew: boolean } | undefined> {
  const { cursor, holder, untilMs } = await readCursor(store.read)
  const isMine = holder === me
  if (!isMine && untilMs > nowMs) return undefined
  if (isMine && untilMs - nowMs > turnMs / 2) return { cursor, isNew: false }
  const query = store.read
    .updateTable('alert_cursor')
    .set({ holder: me, until_ms: nowMs + turnMs })
    .where('holder', '=', holder)
    .where('until_ms', '=', untilMs)
    .compile()
  const writes = [{ query, expectRows: 1 }]
  const taken = await store.commit({ kind: 'housekeeping', writes })
  return taken.kind === 'committed' ? { cursor, isNew: !isMine } : undefined
}

/** In the unit of what was seen up to there: each fact is seen once, whoever saw it. */
export function moveCursor(
  db: Kysely<Schema>,
  me: string,
  from: AlertCursor,
  to: AlertCursor,
): Write {
  const query = db
    .updateTable('alert_cursor')
    .set({ next_idx: to.nextIndex, passed_ms: to.passedMs })
    .where('holder', '=', me)
    .where('next_idx', '=', from.nextIndex)
    .where('passed_ms', '=', from.passedMs)
    .compile()
  return { query, expectRows: 1 }
}
