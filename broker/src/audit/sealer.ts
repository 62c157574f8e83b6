// Seals committed facts into the tree and signs a checkpoint while there is news. It hashes what is
// on disk, never what it was told, and signs nothing that does not continue what it signed before.

import type { Store } from '../store/store.ts'
import { Fault } from '../platform/fault.ts'
import type { Log } from '../platform/log.ts'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { emptyFrontier, grow, leafHash, rootOf } from './merkle/tree-hash.ts'
import type { Frontier, Hash } from './merkle/tree-hash.ts'
import { parseVerifierKey, verifierKey } from './signed-note.ts'
import type { NoteSigner } from './signed-note.ts'

/** News is signed within this; an idle record signs nothing. */
export const sealEveryMs = 200
/** Facts under one checkpoint; what is more gets the next one. */
const sealMax = 4096
/** Facts read from disk at once. */
const readMax = 4096

export interface SealerNeeds {
  readonly store: Store
  readonly signer: NoteSigner
  readonly nowMs: () => number
  readonly log: Log
  /** The record on disk is not the one that was signed: the process must stop serving. */
  readonly onBroken: (fault: Fault) => void
}

export interface SealedHead {
  readonly size: number
  readonly note: string
  readonly atMs: number
}

export class Sealer {
  readonly #needs: SealerNeeds
  /** What has been hashed and signed; written by `#sealOnce` only. */
  #frontier: Frontier = emptyFrontier
  #head: SealedHead | undefined
  #timer: NodeJS.Timeout | undefined
  #sealing: Promise<void> = Promise.resolve()

  constructor(needs: SealerNeeds) {
    this.#needs = needs
  }

  /** The newest checkpoint; nothing while the record is empty. */
  get head(): SealedHead | undefined {
    return this.#head
  }

  /**
   * Hashes the whole record again and compares it with the last checkpoint. Throws Fault
   * `record-not-valid` where they differ: the broker must not serve then, and nothing is signed.
   */
  async start(): Promise<void> {
    const last = await this.#lastCheckpoint()
    if (last) {
      this.#frontier = await this.#growFromDisk(emptyFrontier, last.size)
      const opened = openCheckpoint(last.note, [this.#verifier()])
      const isSame =
        this.#frontier.size === last.size &&
        opened?.size === last.size &&
        opened.root.equals(rootOf(this.#frontier))
      if (!isSame) throw new Fault('record-not-valid', 'permanent')
      this.#head = { size: last.size, note: last.note, atMs: last.at_ms }
    }
    await this.sealNow()
    this.#timer = setInterval(() => {
      this.sealNow().catch((thrown: unknown) => {
        this.#failed(thrown)
      })
    }, sealEveryMs)
    this.#timer.unref()
  }

  /** Seals what is committed by now; calls that overlap run one after the other. */
  sealNow(): Promise<void> {
    this.#sealing = this.#sealing.then(
      () => this.#sealAll(),
      () => this.#sealAll(),
    )
    return this.#sealing
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.sealNow()
  }

  async #sealAll(): Promise<void> {
    while (await this.#sealOnce());
  }

  /** True while there may be more: one checkpoint covers a bounded number of facts. */
  async #sealOnce(): Promise<boolean> {
    const { store, signer, nowMs } = this.#needs
    const leaves: Hash[] = []
    const frontier = await this.#growFromDisk(this.#frontier, this.#frontier.size + sealMax, leaves)
    if (leaves.length === 0) return false
    const root = rootOf(frontier)
    const note = signCheckpoint(frontier.size, root, signer)
    const atMs = nowMs()
    const query = store.read
      .insertInto('checkpoint')
      .values({
        size: frontier.size,
        root: root.toString('base64'),
        note,
        leaves: Buffer.concat(leaves),
        at_ms: atMs,
      })
      .compile()
    const written = await store.commit({
      kind: 'housekeeping',
      writes: [{ query, expectRows: 1 }],
    })
    if (written.kind === 'conflict') {
      // Another broker signed this size first. Same root: it did our work. Another root: a fork.
      await this.#compareWithOther(frontier.size, root)
    }
    this.#frontier = frontier
    this.#head = { size: frontier.size, note, atMs }
    return leaves.length >= sealMax
  }

  async #compareWithOther(size: number, root: Buffer): Promise<void> {
    const other = await this.#needs.store.read
      .selectFrom('checkpoint')
      .select('root')
      .where('size', '=', size)
      .executeTakeFirst()
    if (other?.root !== root.toString('base64')) throw new Fault('record-not-valid', 'permanent')
  }

  async #growFromDisk(from: Frontier, toSize: number, into: Hash[] = []): Promise<Frontier> {
    let frontier = from
    while (frontier.size < toSize) {
      const rows = await this.#needs.store.read
        .selectFrom('fact')
        .select(['idx', 'body'])
        .where('idx', '>=', frontier.size)
        .orderBy('idx')
        .limit(Math.min(readMax, toSize - frontier.size))
        .execute()
      if (rows.length === 0) return frontier
      const expected = frontier.size
      if (rows.some(({ idx }, offset) => Number(idx) !== expected + offset)) {
        throw new Fault('record-not-valid', 'permanent')
      }
      const leaves = rows.map(({ body }) => leafHash(body))
      into.push(...leaves)
      frontier = grow(frontier, leaves)
    }
    return frontier
  }

  async #lastCheckpoint() {
    return this.#needs.store.read
      .selectFrom('checkpoint')
      .select(['size', 'note', 'at_ms'])
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst()
  }

  #verifier() {
    const verifier = parseVerifierKey(verifierKey(this.#needs.signer))
    if (!verifier) throw new Fault('key-missing', 'permanent')
    return verifier
  }

  #failed(thrown: unknown): void {
    const code = thrown instanceof Fault ? thrown.code : 'internal'
    this.#needs.log.error('record.seal-failed', { code })
    if (thrown instanceof Fault && thrown.code === 'record-not-valid') this.#needs.onBroken(thrown)
  }
}
