// PIN hashing in threads of its own behind a short queue: taps stay fast whatever PINs cost, and
// who would wait too long is told so at once.

import { Worker } from 'node:worker_threads'
import type { PersonId } from '@wardkey/protocol/ids'
import { Fault } from '../platform/fault.ts'
import { pepperedPin, pinScheme } from './pin-pepper.ts'
import type { PinScheme } from './pin-pepper.ts'

export type PinOrder =
  | { readonly kind: 'hash'; readonly peppered: string }
  | { readonly kind: 'verify'; readonly peppered: string; readonly hash: string }

export interface PinAnswer {
  readonly hash: string
  readonly isMatch: boolean
}

export interface PinHashingSettings {
  readonly threads: number
  /** PINs that may wait beyond those being hashed. */
  readonly queueMax: number
  /** The site's, kept apart from the database: without it the hashes cannot be guessed at. */
  readonly pepper: Uint8Array
}

export interface KnownPin {
  readonly hash: string
  readonly scheme: PinScheme
}

export interface PinCheck {
  readonly isMatch: boolean
  /** The same PIN under the present scheme, where it matched under an older one. */
  readonly rehashed?: string
}

/** A place in the queue, held before an attempt is counted so that no counted attempt is shed. */
export interface PinPlace {
  verify(person: PersonId, pin: string, known: KnownPin): Promise<PinCheck>
  /** Under the present scheme (`pinScheme`). */
  hash(person: PersonId, pin: string): Promise<string>
  /** Gives the place back unused. */
  leave(): void
}

interface Job {
  readonly order: PinOrder
  readonly deadline: NodeJS.Timeout
  readonly resolve: (answer: PinAnswer) => void
  readonly reject: (fault: Fault) => void
}

/** From being queued to being answered; after it a thread counts as stuck and is replaced. */
const jobMaxMs = 20_000
/** Before a thread that ended is started anew: one that cannot start must not spin. */
const restartMs = 500
/** What one PIN costs a thread, about: enough to say when to come back. */
const jobMs = 25

export class PinHashing {
  readonly #settings: PinHashingSettings
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, Job>()
  readonly #queue: Job[] = []
  /** Places given out: waiting to be used, queued, or being hashed. */
  #held = 0
  #isClosed = false

  constructor(settings: PinHashingSettings) {
    this.#settings = settings
    for (let n = 0; n < settings.threads; n++) this.#start()
  }

  /** PINs in the house; for metrics and for shedding. */
  get waiting(): number {
    return this.#held
  }

  /** When there may be a place again. */
  get retryAfterMs(): number {
    const drainedMs = (this.#held / this.#settings.threads) * jobMs
    return Math.max(1000, Math.ceil(drainedMs / 1000) * 1000)
  }

  /** Nothing where the queue is full: the caller answers "busy" and counts no attempt. */
  reserve(): PinPlace | undefined {
    const { threads, queueMax } = this.#settings
    if (this.#isClosed || this.#held >= threads + queueMax) return undefined
    this.#held += 1
    let isHeld = true
    const release = (): void => {
      if (isHeld) this.#held -= 1
      isHeld = false
    }
    return {
      verify: (person, pin, known) => this.#verify(person, pin, known).finally(release),
      hash: (person, pin) => this.#hash(person, pin).finally(release),
      leave: release,
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const job of this.#queue.splice(0)) fail(job)
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.terminate()))
  }

  async #verify(person: PersonId, pin: string, { hash, scheme }: KnownPin): Promise<PinCheck> {
    const peppered = pepperedPin(this.#settings.pepper, scheme, person, pin)
    const { isMatch } = await this.#run({ kind: 'verify', peppered, hash })
    if (!isMatch || scheme === pinScheme) return { isMatch }
    return { isMatch, rehashed: await this.#hash(person, pin) }
  }

  async #hash(person: PersonId, pin: string): Promise<string> {
    const peppered = pepperedPin(this.#settings.pepper, pinScheme, person, pin)
    return (await this.#run({ kind: 'hash', peppered })).hash
  }

  #run(order: PinOrder): Promise<PinAnswer> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#giveUp(job)
      }, jobMaxMs)
      const job: Job = { order, deadline, resolve, reject }
      this.#queue.push(job)
      this.#next()
    })
  }

  #next(): void {
    const worker = this.#queue.length > 0 ? this.#idle.pop() : undefined
    const job = worker && this.#queue.shift()
    if (!worker || !job) return
    this.#busy.set(worker, job)
    worker.postMessage(job.order)
  }

  #giveUp(job: Job): void {
    const at = this.#queue.indexOf(job)
    if (at >= 0) this.#queue.splice(at, 1)
    for (const [worker, running] of this.#busy) if (running === job) void worker.terminate()
    fail(job)
  }

  #start(): void {
    if (this.#isClosed) return
    const worker = new Worker(new URL('./pin-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', (answer: PinAnswer) => {
      const job = this.#release(worker)
      clearTimeout(job?.deadline)
      job?.resolve(answer)
      this.#idle.push(worker)
      this.#next()
    })
    worker.on('error', (cause) => {
      const job = this.#release(worker)
      if (job) fail(job, cause)
    })
    worker.on('exit', () => {
      const job = this.#release(worker)
      if (job) fail(job)
      const at = this.#idle.indexOf(worker)
      if (at >= 0) this.#idle.splice(at, 1)
      if (!this.#isClosed)
        setTimeout(() => {
          this.#start()
        }, restartMs).unref()
    })
    this.#idle.push(worker)
    this.#next()
  }

  #release(worker: Worker): Job | undefined {
    const job = this.#busy.get(worker)
    this.#busy.delete(worker)
    return job
  }
}

function fail(job: Job, cause?: unknown): void {
  clearTimeout(job.deadline)
  job.reject(new Fault('internal', 'transient', { cause }))
}
