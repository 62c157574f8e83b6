// How far a stream has come, as the store keeps it. Every write says which version it has seen: of
// two brokers that send one stream, and of one that sends while somebody moves it, one loses.

import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'

type Db = Kysely<Schema>

export interface StreamRow {
  readonly name: string
  readonly nextIndex: number
  readonly previousIndex: number | undefined
  /** Where its sender has come to; what lies between may be sent again. */
  readonly handedIndex: number
  readonly owner: string | undefined
  readonly version: number
  readonly sentMs: number | undefined
  readonly failingMs: number | undefined
  readonly reason: string | undefined
  readonly attempts: number
}

/** Where a stream stands: what comes next, and what it follows. */
export interface StreamPlace {
  readonly nextIndex: number
  readonly previousIndex: number | undefined
}

export async function findStream(db: Db, name: string): Promise<StreamRow | undefined> {
  const row = await db.selectFrom('stream').selectAll().where('name', '=', name).executeTakeFirst()
  return row && shown(row)
}

export async function allStreams(db: Db): Promise<readonly StreamRow[]> {
  return (await db.selectFrom('stream').selectAll().orderBy('name').execute()).map(shown)
}

/** Conflicts where another broker was first. */
export function addStream(db: Db, name: string, nextIndex: number): Write {
  const fresh = { owner: null, version: 1, sent_ms: null, failing_ms: null, reason: null }
  const query = db
    .insertInto('stream')
    .values({
      name,
      next_idx: nextIndex,
      previous_idx: null,
      handed_idx: nextIndex,
      ...fresh,
      attempts: 0,
    })
    .compile()
  return { query, expectRows: 1 }
}

/** Hers from now on: whoever had it finds out at its next write. Nobody: it is let go. */
export function ownStream(db: Db, seen: StreamRow, owner: string | null): Write {
  return changed(db, seen, { owner })
}

export function advanceStream(
  db: Db,
  seen: StreamRow,
  { nextIndex, previousIndex }: StreamPlace,
  handedIndex: number,
  nowMs: number,
): Write {
  return changed(db, seen, {
    next_idx: nextIndex,
    previous_idx: previousIndex ?? null,
    handed_idx: handedIndex,
    sent_ms: nowMs,
    failing_ms: null,
    reason: null,
    attempts: 0,
  })
}

/** Handed over, and not known to have arrived; `isHealed` where it fails no longer. */
export function noteHanded(db: Db, seen: StreamRow, handedIndex: number, isHealed: boolean): Write {
  const healed = isHealed ? { failing_ms: null, reason: null, attempts: 0 } : {}
  return changed(db, seen, { handed_idx: handedIndex, ...healed })
}

export function failStream(db: Db, seen: StreamRow, reason: string, nowMs: number): Write {
  return changed(db, seen, {
    failing_ms: seen.failingMs ?? nowMs,
    reason: reason.slice(0, 80),
    attempts: seen.attempts + 1,
  })
}

/** By an operator's word; its sender goes on from there. */
export function moveStreamTo(db: Db, seen: StreamRow, place: StreamPlace): Write {
  const { nextIndex, previousIndex } = place
  return changed(db, seen, {
    ...{ next_idx: nextIndex, previous_idx: previousIndex ?? null, handed_idx: nextIndex },
    ...{ failing_ms: null, reason: null, attempts: 0 },
  })
}

type Change = Partial<Omit<Schema['stream'], 'name' | 'version'>>

function changed(db: Db, { name, version }: StreamRow, change: Change): Write {
  const query = db
    .updateTable('stream')
    .set({ ...change, version: version + 1 })
    .where('name', '=', name)
    .where('version', '=', version)
    .compile()
  return { query, expectRows: 1 }
}

function shown(row: Schema['stream']): StreamRow {
  return {
    name: row.name,
    nextIndex: row.next_idx,
    previousIndex: row.previous_idx ?? undefined,
    handedIndex: row.handed_idx,
    owner: row.owner ?? undefined,
    version: row.version,
    sentMs: row.sent_ms ?? undefined,
    failingMs: row.failing_ms ?? undefined,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
  }
}
