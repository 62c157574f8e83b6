// The record as it lies on disk where retention has been: entries with their bodies, and of those
// that are gone their hashes. It reads only, and says nothing of whether they may be gone.

import type { Kysely } from 'kysely'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import type { Schema } from '../../store/schema.ts'
import type { Hash } from '../merkle/tree-hash.ts'

type Db = Kysely<Schema>

export type EntryOnDisk =
  | { readonly index: number; readonly body: Buffer; readonly leaf: undefined }
  | { readonly index: number; readonly body: undefined; readonly leaf: Hash }

/**
 * What there is of these indexes, in their order. Bodies are read first: whatever is taken out
 * between the two questions is found by the second.
 */
export async function readEntries(db: Db, from: number, to: number): Promise<EntryOnDisk[]> {
  const rows = await db
    .selectFrom('fact')
    .select(['idx', 'body'])
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .orderBy('idx')
    .execute()
  const there = rows.map(({ idx, body }): EntryOnDisk => {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    return { index: idx, body: bytes, leaf: undefined }
  })
  // Where none is missing, as nearly everywhere, nothing else is asked.
  const last = rows.at(-1)?.idx
  if (rows.length === to - from || last === from + rows.length - 1) return there
  const gone = await readGone(db, from, to)
  if (gone.length === 0) return there
  const isThere = new Set(rows.map(({ idx }) => idx))
  const missing = gone
    .filter(({ index }) => !isThere.has(index))
    .map((one): EntryOnDisk => ({ ...one, body: undefined }))
  return [...there, ...missing].sort((a, b) => a.index - b.index)
}

/** The hashes of those that are gone; to be asked after the bodies. */
export async function readGone(
  db: Db,
  from: number,
  to: number,
): Promise<readonly { readonly index: number; readonly leaf: Hash }[]> {
  const gone = await db
    .selectFrom('fact_gone')
    .select(['idx', 'leaf'])
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .orderBy('idx')
    .execute()
  return gone.map(({ idx, leaf }) => ({ index: idx, leaf: Buffer.from(leaf) }))
}

/** How many of these indexes are gone. */
export async function countGone(db: Db, from: number, to: number): Promise<number> {
  const row = await db
    .selectFrom('fact_gone')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .executeTakeFirstOrThrow()
  return row.count
}

export interface Gone {
  readonly class: EndingClass
  readonly atMs: number
}

/** When it went, and as what; nothing where it did not. */
export async function findGone(db: Db, index: number): Promise<Gone | undefined> {
  const row = await db
    .selectFrom('fact_gone')
    .innerJoin('retention_purge', 'retention_purge.number', 'fact_gone.purge')
    .select(['retention_purge.class', 'retention_purge.at_ms'])
    .where('fact_gone.idx', '=', index)
    .executeTakeFirst()
  return row && { class: row.class, atMs: row.at_ms }
}

/** Lists of what went, in the order in which it did. */
export async function* readPurges(
  db: Db,
): AsyncGenerator<{ readonly number: number; readonly list: string; readonly atMs: number }> {
  for (let last = 0; ;) {
    const row = await db
      .selectFrom('retention_purge')
      .select(['number', 'list', 'at_ms'])
      .where('number', '>', last)
      .orderBy('number')
      .limit(1)
      .executeTakeFirst()
    if (!row) return
    yield { number: row.number, list: row.list, atMs: row.at_ms }
    last = row.number
  }
}
