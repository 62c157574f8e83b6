// Seals committed facts into the tree and signs a checkpoint while there is news. It hashes what is
// on disk, never what it was told, and signs nothing that does not continue what was signed before.

import type { Store } from '../store/store.ts'
import { Fault } from '../platform/fault.ts'
import type { Log } from '../platform/log.ts'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { chainFrom, followChange, isSame, keysOf } from './key-changes/key-chain.ts'
import type { KeyChain } from './key-changes/key-chain.ts'
import { emptyFrontier, emptyRoot, rootOf } from './merkle/tree-hash.ts'
import type { Frontier } from './merkle/tree-hash.ts'
import { makeProveRecord } from './proofs/prove-record.ts'
import type { ProveRecord } from './proofs/prove-record.ts'
import { RecordTree } from './proofs/record-tree.ts'
import type { Offer } from './witness/witness.ts'
import { RecordOnDisk } from './record-on-disk.ts'
import type { Grown, StoredCheckpoint } from './record-on-disk.ts'
import { signedMax } from './record-lines.ts'
import { parseVerifierKey, verifierKey } from './signed-note.ts'
import type { NoteSigner, NoteVerifier } from './signed-note.ts'

/** News is signed within a quarter of a second; an idle record signs nothing. */
export const sealEveryMs = 200
/** A step back of the wall clock up to this is a clock being set right, and nobody is told. */
const clockStepMs = 2_000

export interface SealerNeeds {
  readonly store: Store
  /** The record's first key. */
  readonly signer: NoteSigner
  /** Those that came after it; nothing where one of them is not here. */
  readonly findSigner?: (key: NoteVerifier) => NoteSigner | undefined
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

/** For metrics: counts since the start of this process. */
export interface SealerFigures {
  /** Entries under the newest checkpoint. */
  readonly sealed: number
  readonly checkpoints: number
  readonly failures: number
  /** How often the wall clock stood before the time of the checkpoint before. */
  readonly clockSteps: number
}

export class Sealer {
  /** Proofs from what was hashed here, under checkpoints that were compared with it. */
  readonly prove: ProveRecord
  readonly #needs: SealerNeeds
  readonly #disk: RecordOnDisk
  readonly #tree: RecordTree
  readonly #first: NoteVerifier
  /** What has been hashed and signed, and by whom; only a seal that runs alone writes them. */
  #frontier: Frontier = emptyFrontier
  #chain: KeyChain
  #head: SealedHead | undefined
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  #counts = { checkpoints: 0, failures: 0, clockSteps: 0 }

  constructor(needs: SealerNeeds) {
    this.#needs = needs
    this.#disk = new RecordOnDisk(needs.store.read)
    this.#tree = new RecordTree(this.#disk)
    const key = parseVerifierKey(verifierKey(needs.signer))
    if (!key) throw new Fault('key-missing', 'permanent')
    this.#first = key
    this.#chain = chainFrom([key])
    this.prove = makeProveRecord({
      disk: this.#disk,
      tree: this.#tree,
      keys: () => keysOf(this.#chain),
      head: () => this.#head,
    })
  }

  /** The keys of the record, those that have ended first. */
  get chain(): KeyChain {
    return this.#chain
  }

  /** The newest checkpoint; nothing while the record is empty. */
  get head(): SealedHead | undefined {
    return this.#head
  }

  get figures(): SealerFigures {
    return { sealed: this.#frontier.size, ...this.#counts }
  }

  /** The newest checkpoint for witnesses, and the proofs that they ask for. */
  offer(): Offer {
    const { size, note } = this.#head ?? {
      size: 0,
      // Of the empty record too: a witness may have seen one that was not empty.
      note: signCheckpoint(0, emptyRoot, ...this.#signersOf(this.#chain)),
    }
    return {
      ...{ size, note },
      consistency: (old) => this.#tree.consistency(old, size),
      rootAt: (at) => this.#tree.root(at),
    }
  }

  /**
   * Brings what is hashed up to the last checkpoint on disk, whoever signed that, and signs
   * nothing: before witnesses were asked, it may be an older record, and what is signed on it a
   * fork. Throws Fault `record-not-valid` where the record differs from the checkpoint.
   */
  async catchUp(): Promise<void> {
    while (this.#running) await this.#running.catch(() => undefined)
    return this.#alone(async () => {
      await this.#catchUp()
    })
  }

  /**
   * Hashes the whole record again and compares it with the last checkpoint, signs what is left, and
   * from then on what is new. Throws Fault `record-not-valid` where they differ: the broker must not
   * serve then, and nothing is signed.
   */
  async start(): Promise<void> {
    await this.sealNow()
    this.#timer = setInterval(() => {
      this.sealNow().catch((thrown: unknown) => {
        this.#failed(thrown)
      })
    }, sealEveryMs)
    this.#timer.unref()
  }

  /**
   * Resolves when everything is sealed that was committed before the call. Calls that come while
   * one runs share the next one, so that a slow disk does not gather a queue of them.
   */
  sealNow(): Promise<void> {
    if (!this.#running) return this.#alone(() => this.#sealAll())
    this.#next ??= this.#running
      .catch(() => undefined) // Whoever asked for that one hears of its failure.
      .then(() => {
        this.#next = undefined
        return this.sealNow()
      })
    return this.#next
  }

  /** Seals what is left, and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.sealNow()
  }

  #alone(run: () => Promise<void>): Promise<void> {
    this.#running = run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #sealAll(): Promise<void> {
    let last = await this.#catchUp()
    // What is committed from here on is the next seal's: under load this one would never end.
    const toSize = await this.#disk.size()
    // Facts taken from the end would let new ones stand under numbers that were signed already.
    if (toSize < this.#frontier.size) throw broken('entries are gone')
    while (this.#frontier.size < toSize) {
      const grown = await this.#disk.grow(this.#frontier, signedMax, this.#tree.keep)
      if (grown.leaves.length === 0) throw broken('entries are gone')
      last = await this.#sign(grown, last)
    }
  }

  async #catchUp(): Promise<StoredCheckpoint | undefined> {
    const last = await this.#disk.lastCheckpoint()
    const size = last?.size ?? 0
    if (size < this.#frontier.size) throw broken('a checkpoint is gone')
    if (!last || last.note === this.#head?.note) return last
    let frontier = this.#frontier
    let chain = this.#chain
    while (frontier.size < size) {
      const grown = await this.#disk.grow(frontier, size - frontier.size, this.#tree.keep)
      if (grown.leaves.length === 0) throw broken('entries are gone')
      frontier = grown.frontier
      chain = followed(chain, grown)
    }
    const opened = openCheckpoint(last.note, chain.now)
    if (opened?.size !== size) throw broken('the last checkpoint was not signed with this key')
    if (!opened.root.equals(rootOf(frontier)))
      throw broken('entries are not those that were signed')
    this.#frontier = frontier
    this.#chain = chain
    this.#head = { size, note: last.note, atMs: last.at_ms }
    return last
  }

  async #sign(
    grown: Grown,
    last: StoredCheckpoint | undefined,
  ): Promise<StoredCheckpoint | undefined> {
    const { store } = this.#needs
    const { frontier } = grown
    const root = rootOf(frontier)
    const { size } = frontier
    const chain = followed(this.#chain, grown)
    // What changes the key is signed by the key before and by the key after.
    const note = signCheckpoint(size, root, ...this.#signersOf(chain, this.#chain.ended.length))
    const row = {
      size,
      from_size: this.#frontier.size,
      root: root.toString('base64'),
      note,
      leaves: Buffer.concat(grown.leaves),
      at_ms: this.#timeAfter(last?.at_ms ?? 0),
    }
    const query = store.read.insertInto('checkpoint').values(row).compile()
    const written = await store.commit({
      kind: 'housekeeping',
      writes: [{ query, expectRows: 1 }],
    })
    // Another broker continued the same checkpoint first. What it signed is compared, never
    // replaced.
    if (written.kind === 'conflict') return this.#catchUp()
    this.#counts.checkpoints += 1
    this.#frontier = frontier
    this.#chain = chain
    this.#head = { size, note, atMs: row.at_ms }
    return row
  }

  /**
   * Throws Fault `key-missing` where the folder lacks one, as that of another broker may have it
   * first: nothing is signed until it is there, and everything else goes on.
   */
  #signersOf(
    chain: KeyChain,
    endedBefore = chain.ended.length,
  ): [NoteSigner, ...(readonly NoteSigner[])] {
    const ending = chain.ended.slice(endedBefore).map(({ from }) => from)
    const [first, ...others] = [...ending, ...chain.now].map((key) => {
      const found = this.#findSigner(key)
      if (found) return found
      const cause = new Error(`the record’s key ${key.keyId.toString('hex')} is not here`)
      throw new Fault('key-missing', 'permanent', { cause })
    })
    return [first ?? this.#needs.signer, ...others]
  }

  #findSigner(key: NoteVerifier): NoteSigner | undefined {
    const { signer, findSigner } = this.#needs
    return isSame(key, this.#first) ? signer : findSigner?.(key)
  }

  /** Of those that are here, who made this note: of several the newest, which goes on. */
  signerOfNote(note: string): NoteSigner | undefined {
    const key = keysOf(this.#chain).findLast((one) => openCheckpoint(note, [one]) !== undefined)
    return key && this.#findSigner(key)
  }

  /**
   * The time of a checkpoint never goes back. Sealing goes on all the same: whoever can set a clock
   * back must not thereby open a time in which facts can be changed unseen.
   */
  #timeAfter(lastMs: number): number {
    const nowMs = this.#needs.nowMs()
    if (nowMs < lastMs - clockStepMs) {
      this.#counts.clockSteps += 1
      this.#needs.log.warn('record.clock-went-back', { durationMs: lastMs - nowMs })
    }
    return Math.max(nowMs, lastMs)
  }

  #failed(thrown: unknown): void {
    this.#counts.failures += 1
    const code = thrown instanceof Fault ? thrown.code : 'internal'
    this.#needs.log.error('record.seal-failed', { code })
    if (!(thrown instanceof Fault) || thrown.code !== 'record-not-valid') return
    clearInterval(this.#timer)
    this.#needs.onBroken(thrown)
  }
}

function followed(before: KeyChain, { changes }: Grown): KeyChain {
  return changes.reduce((chain, { index, note }) => {
    const next = followChange(chain, note)
    if (!next) throw broken(`entry ${String(index)} changes the key, which did not sign that`)
    return next
  }, before)
}

const broken = (reason: string): Fault =>
  new Fault('record-not-valid', 'permanent', { cause: new Error(reason) })
