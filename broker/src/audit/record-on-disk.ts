// The record as it lies on disk: entries hashed in the order of their indexes, and checkpoints. It
// reads only.

import type { Kysely } from 'kysely'
import { Fault } from '../platform/fault.ts'
import type { Schema } from '../store/schema.ts'
import { keyChangeCode, keyChangeIn } from './key-changes/key-change.ts'
import { grow, hashBytes, leafHash } from './merkle/tree-hash.ts'
import type { Frontier, Hash, Keep } from './merkle/tree-hash.ts'
import { findGone, readEntries } from './retention/gone-rows.ts'

/** Entries in memory at once. */
const readMax = 4096

export interface StoredCheckpoint {
  readonly size: number
  readonly note: string
  readonly at_ms: number
}

export interface Grown {
  readonly frontier: Frontier
  readonly leaves: readonly Hash[]
  /** Entries among them that say they change the record's key; not judged here. */
  readonly changes: readonly { readonly index: number; readonly note: string }[]
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
  async grow(from: Frontier, countMax: number, keep?: Keep): Promise<Grown> {
    const count = Math.min(countMax, readMax)
    const read = await readEntries(this.#db, from.size, from.size + count)
    const gap = read.findIndex(({ index }, offset) => index !== from.size + offset)
    if (gap >= 0) {
      const cause = new Error(`entry ${String(from.size + gap)} is gone`)
      throw new Fault('record-not-valid', 'permanent', { cause })
    }
    const leaves = read.map(({ body, leaf }) => (body ? leafHash(body) : leaf))
    // What changes the key is kept for ever: nothing that is gone can be one.
    const changes = read.flatMap(({ index, body }) => {
      const note = body && keyChangeIn(body)
      return note === undefined ? [] : [{ index, note }]
    })
    return { frontier: grow(from, leaves, keep), leaves, changes }
  }

  /**
   * The leaf hashes from one entry up to and without another, as checkpoints list them. Throws
   * Fault `record-not-valid` where they are not all there.
   */
  async listedLeaves(from: number, to: number): Promise<readonly Hash[]> {
    const rows = await this.#db
      .selectFrom('checkpoint')
      .select(['from_size', 'size', 'leaves'])
      .where('size', '>', from)
      .where('from_size', '<', to)
      .orderBy('size')
      .execute()
    const leaves: Hash[] = []
    for (const row of rows) {
      const listed = Buffer.from(row.leaves)
      const end = Math.min(row.size, to)
      for (let index = Math.max(row.from_size, from); index < end; index++) {
        const at = (index - row.from_size) * hashBytes
        const leaf = listed.subarray(at, at + hashBytes)
        if (index === from + leaves.length && leaf.length === hashBytes) leaves.push(leaf)
      }
    }
    if (leaves.length === to - from) return leaves
    const cause = new Error(`the list of hashes ends before entry ${String(from + leaves.length)}`)
    throw new Fault('record-not-valid', 'permanent', { cause })
  }

  /** The body of an entry, or nothing where there is none of this index. */
  async findEntry(index: number): Promise<Buffer | undefined> {
    const row = await this.#db
      .selectFrom('fact')
      .select('body')
      .where('idx', '=', index)
      .executeTakeFirst()
    return row && Buffer.from(row.body)
  }

  /** Whether retention took it. */
  async isGone(index: number): Promise<boolean> {
    return (await findGone(this.#db, index)) !== undefined
  }

  /** A checkpoint as it was signed, with the lines of its witnesses below. */
  async witnessed({ size, note }: Pick<StoredCheckpoint, 'size' | 'note'>): Promise<string> {
    const lines = await this.#db
      .selectFrom('cosignature')
      .select('line')
      .where('size', '=', size)
      .orderBy('witness')
      .execute()
    return note + lines.map(({ line }) => line).join('')
  }

  /** The notes of all entries that say they change the record's key, in their order. */
  async keyChanges(): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('fact')
      .select('body')
      .where('code', '=', keyChangeCode)
      .orderBy('idx')
      .execute()
    return rows.flatMap(({ body }) => keyChangeIn(body) ?? [])
  }

  /** The checkpoint of this size, or nothing where none has it. */
  async findCheckpoint(size: number): Promise<StoredCheckpoint | undefined> {
    return this.#db
      .selectFrom('checkpoint')
      .select(['size', 'note', 'at_ms'])
      .where('size', '=', size)
      .executeTakeFirst()
  }

  /** The first checkpoint that covers the entry, or nothing where none does so far. */
  async firstCheckpointOver(index: number): Promise<StoredCheckpoint | undefined> {
    return this.#db
      .selectFrom('checkpoint')
      .select(['size', 'note', 'at_ms'])
      .where('size', '>', index)
      .orderBy('size')
      .limit(1)
      .executeTakeFirst()
  }
}
