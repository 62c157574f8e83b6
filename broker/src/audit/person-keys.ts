// One key for each person, under which whatever names her is sealed. Destroying it forgets her
// without touching a byte of the record.

import { randomBytes } from 'node:crypto'
import { seal, unseal } from '../platform/seal.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Store, Write } from '../store/store.ts'

export const dataKeyBytes = 32

/** A broker that knows 100,000 people does not hold all their keys. */
const openMax = 5_000
/** A key that another broker destroyed is forgotten here within this. */
const openMaxMs = 60_000

interface OpenKey {
  readonly key: Buffer
  readonly sinceMs: number
}

const byPerson = prepared<{ personId: string }>()((db, hole) =>
  db.selectFrom('person_key').select('wrapped').where('person_id', '=', hole('personId')),
)

export class PersonKeys {
  readonly #store: Store
  readonly #kek: Uint8Array
  readonly #monotonicMs: () => number
  readonly #open = new Map<string, OpenKey>()
  /** Being destroyed here: not kept again by whoever reads the row before that is durable. */
  readonly #leaving = new Set<string>()

  constructor(store: Store, kek: Uint8Array, monotonicMs = () => performance.now()) {
    this.#store = store
    this.#kek = kek
    this.#monotonicMs = monotonicMs
  }

  /**
   * A new key and the write that keeps it; the caller puts it into the unit that adds the person.
   */
  make(personId: string): { key: Buffer; write: Write } {
    const key = randomBytes(dataKeyBytes)
    const wrapped = seal(key.toString('base64'), this.#kek, `person-key ${personId}`)
    const query = this.#store.read
      .insertInto('person_key')
      .values({ person_id: personId, wrapped, destroyed_ms: null })
      .compile()
    return { key, write: { query, expectRows: 1 } }
  }

  /** The person's key, or nothing once it was destroyed. */
  async find(personId: string): Promise<Buffer | undefined> {
    const nowMs = this.#monotonicMs()
    const known = this.#open.get(personId)
    if (known && nowMs - known.sinceMs < openMaxMs) return known.key
    this.#open.delete(personId)
    const { read } = this.#store
    const [row] = (await read.executeQuery(byPerson(read, { personId }))).rows
    if (!row?.wrapped) return undefined
    const key = this.unwrap(personId, row.wrapped)
    if (this.#leaving.has(personId)) return key
    if (this.#open.size >= openMax) this.#open.clear()
    this.#open.set(personId, { key, sinceMs: nowMs })
    return key
  }

  /** For whoever has read the rows of many people at once; nothing of it is remembered here. */
  unwrap(personId: string, wrapped: Uint8Array): Buffer {
    return Buffer.from(unseal(wrapped, this.#kek, `person-key ${personId}`), 'base64')
  }

  /** The write that forgets. Backups that hold the old row forget when they expire. */
  destroy(personId: string, nowMs: number): Write {
    this.#open.delete(personId)
    this.#leaving.add(personId)
    const query = this.#store.read
      .updateTable('person_key')
      .set({ wrapped: null, destroyed_ms: nowMs })
      .where('person_id', '=', personId)
      .where('destroyed_ms', 'is', null)
      .compile()
    return { query, expectRows: 1 }
  }
}
