// PC/SC readers as a source: starts the worker, passes on what it tells, and starts it again if it
// ends by surprise. It calls nothing of PC/SC itself, so no reader can hold the agent up.

import { Worker } from 'node:worker_threads'
import type { ReaderClock, ReaderEvent, ReaderSource } from '../reader.ts'
import { machineMs, parseWorkerMessage, stopWord } from './worker-message.ts'
import type { WorkerTask } from './worker-message.ts'

const restartMinMs = 250
const restartMaxMs = 5000
/** A worker that lived this long had nothing wrong with how it starts. */
const settledMs = 30_000
/** A worker stuck in a call of the system cannot be ended; we leave it behind. */
const stopWithinMs = 3000

export interface PcscSourceNeeds {
  readonly clock: ReaderClock
  /** Readers whose name holds one of these are left alone. */
  readonly ignoredNames?: readonly string[]
  /** For a build that keeps the worker elsewhere, and for tests. */
  readonly worker?: URL
}

/** Readers that Windows makes up, each with a card that is always there. */
export const virtualReaderNames = ['Windows Hello', 'Microsoft Virtual', 'Microsoft UICC'] as const

/** All PC/SC readers of this machine. */
export function pcscSource(needs: PcscSourceNeeds): ReaderSource {
  return new PcscSource(needs)
}

class PcscSource implements ReaderSource {
  readonly kind = 'pcsc'
  readonly #needs: PcscSourceNeeds
  /** From the machine's clock to the agent's: both monotonic, so it stays what it is. */
  readonly #clockAheadMs: number
  readonly #up = new Map<string, { seen: boolean }>()
  #emit: ((event: ReaderEvent) => void) | undefined
  #worker: Worker | undefined
  #restartMs = restartMinMs
  #forgetRestart: (() => void) | undefined
  #hopeless = false

  constructor(needs: PcscSourceNeeds) {
    this.#needs = needs
    this.#clockAheadMs = needs.clock.monoMs() - machineMs()
  }

  start(emit: (event: ReaderEvent) => void): void {
    this.#emit = emit
    this.#startWorker()
  }

  async stop(): Promise<void> {
    this.#emit = undefined
    this.#forgetRestart?.()
    const worker = this.#worker
    this.#worker = undefined
    if (worker === undefined) return
    const ended = Promise.withResolvers<undefined>()
    const forgetDeadline = this.#needs.clock.after(stopWithinMs, () => {
      worker.unref()
      void worker.terminate()
      ended.resolve(undefined)
    })
    worker.once('exit', () => {
      ended.resolve(undefined)
    })
    worker.postMessage(stopWord)
    await ended.promise
    forgetDeadline()
  }

  #startWorker(): void {
    const task: WorkerTask = {
      ignoredNames: [...(this.#needs.ignoredNames ?? virtualReaderNames)],
    }
    const file = this.#needs.worker ?? new URL('./pcsc-worker.ts', import.meta.url)
    const worker = new Worker(file, { workerData: task, name: 'pcsc' })
    this.#worker = worker
    const startedMs = this.#needs.clock.monoMs()
    let detail = 'ended'
    worker.on('message', (message) => {
      if (worker === this.#worker) this.#hear(message, worker)
    })
    // 'exit' always follows, and is where it is acted on.
    worker.on('error', (error) => {
      detail = String(error).slice(0, 200)
    })
    worker.on('exit', () => {
      if (this.#needs.clock.monoMs() - startedMs > settledMs) this.#restartMs = restartMinMs
      if (worker === this.#worker) this.#lostWorker(detail)
    })
  }

  #hear(message: unknown, worker: Worker): void {
    const event = parseWorkerMessage(message)
    if (event === undefined) {
      void worker.terminate()
      return
    }
    if (event.kind === 'source-down') this.#hopeless = event.reason === 'library-missing'
    this.#remember(event)
    this.#emit?.(
      'atMonoMs' in event ? { ...event, atMonoMs: event.atMonoMs + this.#clockAheadMs } : event,
    )
  }

  #remember(event: ReaderEvent): void {
    if (event.kind === 'reader-up') this.#up.set(event.readerId, { seen: false })
    if (event.kind === 'reader-down') this.#up.delete(event.readerId)
    if (event.kind === 'card-seen') this.#up.set(event.readerId, { seen: true })
    if (event.kind === 'card-gone') this.#up.set(event.readerId, { seen: false })
  }

  /** What the worker can no longer tell is told here: cards gone, readers down. */
  #lostWorker(detail: string): void {
    this.#worker = undefined
    if (this.#hopeless) return
    const atMonoMs = this.#needs.clock.monoMs()
    for (const [readerId, { seen }] of this.#up) {
      if (seen) this.#emit?.({ kind: 'card-gone', readerId, atMonoMs })
      this.#emit?.({ kind: 'reader-down', readerId, reason: 'failed' })
    }
    this.#up.clear()
    this.#emit?.({ kind: 'source-down', reason: 'failed', detail })
    this.#forgetRestart = this.#needs.clock.after(this.#restartMs, () => {
      this.#startWorker()
    })
    this.#restartMs = Math.min(this.#restartMs * 2, restartMaxMs)
  }
}
