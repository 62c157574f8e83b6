// Where in the record a time begins: its facts are in the order of commits. Reads only.

import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** Where the facts of that time and later begin, and never further back than so many. */
export async function firstAfter(
  db: Kysely<Schema>,
  sinceMs: number,
  before: number,
  most = before,
): Promise<number> {
  let low = Math.max(0, before - most)
  let high = before
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await db
      .selectFrom('fact')
      .select('at_ms')
      .where('idx', '=', middle)
      .executeTakeFirst()
    if (row && row.at_ms < sinceMs) low = middle + 1
    else high = middle
  }
  return low
}
