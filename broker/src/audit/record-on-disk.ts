// The record as it lies on disk: entries hashed in the order of their indexes, and checkpoints. It
// reads only.

import type { Kysely } from 'kysely'
import { Fault } from '../platform/fault.ts'
import type { Schema } from '../store/schema.ts'
import { grow, leafHash } from './merkle/tree-hash.ts'
import type { Frontier, Hash } from './merkle/tree-hash.ts'

/** Entries in memory at once. */
const readMax = 4096

export interface StoredCheckpoint {
  readonly size: number
  readonly note: string
  readonly at_ms: number
}

export class RecordOnDisk {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  async lastCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.#db
      .selectFrom('checkpoint')
      .select(['size', 'note', 'at_ms'])
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst()
  }

  /** One more than the last index. */
  async size(): Promise<number> {
    const row = await this.#db
      .selectFrom('fact')
      .select('idx')
      .orderBy('idx', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row === undefined ? 0 : row.idx + 1
  }

  /**
   * Hashes at most so many entries more, or a page of them. Throws Fault `record-not-valid` where
   * an index is left out.
   */
  async grow(
    from: Frontier,
    countMax: number,
  ): Promise<{ readonly frontier: Frontier; readonly leaves: readonly Hash[] }> {
    const rows = await this.#db
      .selectFrom('fact')
      .select(['idx', 'body'])
      .where('idx', '>=', from.size)
      .orderBy('idx')
      .limit(Math.min(countMax, readMax))
      .execute()
    const gap = rows.findIndex(({ idx }, offset) => idx !== from.size + offset)
    if (gap >= 0) {
      const cause = new Error(`entry ${String(from.size + gap)} is gone`)
      throw new Fault('record-not-valid', 'permanent', { cause })
    }
    const leaves = rows.map(({ body }) => leafHash(body))
    return { frontier: grow(from, leaves), leaves }
  }
}
