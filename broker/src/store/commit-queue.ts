// Units on their way to the disk, the same for every engine: those that arrive while a batch is
// under way share the next one. Nothing here waits without an end, and nothing is acknowledged
// unwritten.

import { Fault } from '../platform/fault.ts'
import type { Committed, Receipt, Unit } from './store.ts'

/** More waiting units than this are shed: better an answer now than one after a minute. */
const waitingMax = 20_000
/**
 * A disk or a server that takes longer for a batch is not there, as far as a person at a reader
 * is.
 */
const batchMaxMs = 10_000
/** A unit that waited so long is not written any more: whoever asked has given up. */
const waitMaxMs = 10_000

/** What became of one unit of a batch. */
export type Outcome =
  | { readonly kind: 'committed'; readonly firstIndex: number }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly fault: Fault }

export interface CommitQueueSettings {
  /**
   * Writes units in order, each whole or not at all, and resolves when what it calls committed is
   * durable. Throws Fault where nothing is known to be written; permanent means that the database
   * can no longer be trusted.
   */
  readonly write: (units: readonly Unit[]) => Promise<readonly Outcome[]>
  /** Keeps one flush's share of the time, and of memory, within bounds. */
  readonly batchMax: number
  readonly onFatal: (cause: Error) => void
}

interface Waiting {
  readonly unit: Unit
  readonly sinceMs: number
  readonly resolve: (committed: Committed) => void
  readonly reject: (fault: Fault) => void
}

export class CommitQueue {
  readonly #settings: CommitQueueSettings
  #queue: Waiting[] = []
  #inFlight = 0
  #draining: Promise<void> | undefined
  /** Why nothing is taken on: for ever, or until a batch that takes too long has ended. */
  #isClosed = false
  #isStalled = false

  constructor(settings: CommitQueueSettings) {
    this.#settings = settings
  }

  get waiting(): number {
    return this.#queue.length + this.#inFlight
  }

  commit(unit: Unit): Promise<Committed> {
    if (this.#isClosed || this.#isStalled) return Promise.reject(unavailable())
    if (this.#queue.length >= waitingMax) {
      return Promise.reject(new Fault('store-queue-full', 'transient'))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, sinceMs: performance.now(), resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  /** Resolves when everything taken on is written or failed; takes on nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#draining
  }

  async #drain(): Promise<void> {
    // What arrives in the same turn of the event loop goes into the same batch.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) await this.#writeBatch(this.#take())
    this.#draining = undefined
  }

  #take(): Waiting[] {
    const sinceMs = performance.now() - waitMaxMs
    const taken = this.#queue.splice(0, this.#settings.batchMax)
    // They stand in the order of their arrival: mostly the first one tells.
    if ((taken[0]?.sinceMs ?? sinceMs) >= sinceMs) return taken
    for (const late of taken) if (late.sinceMs < sinceMs) late.reject(unavailable())
    return taken.filter((one) => one.sinceMs >= sinceMs)
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return
    this.#inFlight = batch.length
    const deadline = setTimeout(() => {
      this.#isStalled = true
      rejectAll(batch, new Fault('store-unavailable', 'ambiguous'))
      this.#rejectQueue()
    }, batchMaxMs)
    try {
      const outcomes = await this.#settings.write(batch.map(({ unit }) => unit))
      batch.forEach((waiting, at) => {
        settle(waiting, outcomes[at])
      })
    } catch (thrown) {
      this.#fail(batch, thrown)
    } finally {
      clearTimeout(deadline)
      this.#isStalled = false
      this.#inFlight = 0
    }
  }

  #fail(batch: readonly Waiting[], thrown: unknown): void {
    const fault =
      thrown instanceof Fault ? thrown : new Fault('internal', 'permanent', { cause: thrown })
    rejectAll(batch, fault)
    // Each further batch would wait for the same answer: whoever waits hears it now.
    if (fault.code === 'store-unavailable' || fault.class === 'permanent') this.#rejectQueue()
    if (fault.class !== 'permanent') return
    this.#isClosed = true
    this.#settings.onFatal(fault)
  }

  #rejectQueue(): void {
    const all = this.#queue
    this.#queue = []
    rejectAll(all, unavailable())
  }
}

function settle({ unit, resolve, reject }: Waiting, outcome: Outcome | undefined): void {
  if (outcome?.kind === 'committed') {
    const factIds: readonly string[] =
      unit.kind === 'recorded' ? unit.facts.map(({ id }) => id) : []
    const receipt = { factIds, firstIndex: outcome.firstIndex, count: factIds.length }
    resolve({ kind: 'committed', receipt: receipt as Receipt })
  } else if (outcome?.kind === 'conflict') resolve(outcome)
  else reject(outcome?.fault ?? new Fault('store-unavailable', 'ambiguous'))
}

function rejectAll(all: readonly Waiting[], fault: Fault): void {
  for (const { reject } of all) reject(fault)
}

/** For units that were never sent. */
const unavailable = (): Fault => new Fault('store-unavailable', 'transient')
