// PIN hashing in threads of its own behind a short queue: taps stay fast whatever PINs cost, and who
// would wait too long is told so at once.

import { createHmac } from 'node:crypto'
import { Worker } from 'node:worker_threads'

export type PinOrder =
  | { readonly kind: 'hash'; readonly jobId: number; readonly peppered: Uint8Array }
  | {
      readonly kind: 'verify'
      readonly jobId: number
      readonly peppered: Uint8Array
      readonly hash: string
    }

export interface PinAnswer {
  readonly jobId: number
  readonly hash: string
  readonly isMatch: boolean
}

export interface PinHashingSettings {
  readonly threads: number
  /** PINs that may wait beyond those being hashed; each takes about 20 ms of a core. */
  readonly queueMax: number
  /** Kept apart from the database: without it the hashes cannot be guessed at. */
  readonly pepper: Uint8Array
}

interface Job {
  readonly order: PinOrder
  readonly resolve: (answer: PinAnswer) => void
  readonly reject: (cause: Error) => void
}

/** How long a job may take once begun, before its thread counts as dead. */
const jobMaxMs = 10_000

export class PinHashing {
  readonly #settings: PinHashingSettings
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, { job: Job; deadline: NodeJS.Timeout }>()
  readonly #queue: Job[] = []
  #jobId = 0
  #isClosed = false

  constructor(settings: PinHashingSettings) {
    this.#settings = settings
    for (let n = 0; n < settings.threads; n++) this.#start()
  }

  /** True where another PIN would be shed: asked before the attempt is counted. */
  get isFull(): boolean {
    return this.#queue.length >= this.#settings.queueMax
  }

  get waiting(): number {
    return this.#queue.length + this.#busy.size
  }

  /** Nothing where the queue is full. */
  async hash(pin: string): Promise<string | undefined> {
    const answer = await this.#run((jobId) => ({
      kind: 'hash',
      jobId,
      peppered: this.#pepper(pin),
    }))
    return answer?.hash
  }

  /** Nothing where the queue is full; the caller answers "busy" and counts no wrong PIN. */
  async verify(pin: string, hash: string): Promise<boolean | undefined> {
    const answer = await this.#run((jobId) => ({
      kind: 'verify',
      jobId,
      peppered: this.#pepper(pin),
      hash,
    }))
    return answer?.isMatch
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const job of this.#queue.splice(0)) job.reject(new Error('the PIN threads end'))
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.terminate()))
  }

  #pepper(pin: string): Uint8Array {
    return createHmac('sha256', this.#settings.pepper).update(pin).digest()
  }

  async #run(order: (jobId: number) => PinOrder): Promise<PinAnswer | undefined> {
    if (this.isFull || this.#isClosed) return undefined
    this.#jobId += 1
    const jobId = this.#jobId
    return new Promise((resolve, reject) => {
      this.#queue.push({ order: order(jobId), resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    const worker = this.#idle.pop()
    if (!worker) return
    const job = this.#queue.shift()
    if (!job) {
      this.#idle.push(worker)
      return
    }
    const deadline = setTimeout(() => {
      void worker.terminate()
    }, jobMaxMs)
    this.#busy.set(worker, { job, deadline })
    worker.postMessage(job.order)
  }

  #start(): void {
    const worker = new Worker(new URL('./pin-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', (answer: PinAnswer) => {
      this.#release(worker)?.resolve(answer)
      this.#idle.push(worker)
      this.#next()
    })
    worker.on('error', (cause) => {
      this.#release(worker)?.reject(
        cause instanceof Error ? cause : new Error('a PIN thread failed'),
      )
    })
    worker.on('exit', () => {
      this.#release(worker)?.reject(new Error('a PIN thread ended'))
      const at = this.#idle.indexOf(worker)
      if (at >= 0) this.#idle.splice(at, 1)
      if (!this.#isClosed) this.#start()
    })
    this.#idle.push(worker)
    this.#next()
  }

  #release(worker: Worker): Job | undefined {
    const running = this.#busy.get(worker)
    this.#busy.delete(worker)
    clearTimeout(running?.deadline)
    return running?.job
  }
}
