// Checks a PIN against what a bundle holds, in a thread of its own behind a short queue: neither a
// lock nor a flush ever waits for it. What does not come within its time is an error, not a yes.

import { createHmac } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { Fault } from '../../platform/fault.ts'

export interface PinOrder {
  readonly n: number
  readonly peppered: string
  readonly hash: string
}

const pinAnswer = z.strictObject({ n: z.int(), isMatch: z.boolean() })

/** One screen asks one PIN at a time; what was given up may still be under way. */
const waitingMax = 4
const checkMaxMs = 10_000

type Waiting = (result: boolean | Fault) => void

export class PinCheck {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #n = 0
  #isClosed = false

  /** Starting a thread takes as long as a PIN: better before somebody waits for it. */
  warm(): void {
    if (this.#worker || this.#isClosed) return
    const worker = new Worker(new URL('./pin-check-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', (said: unknown) => {
      const { n, isMatch } = pinAnswer.parse(said)
      this.#settle(n, isMatch)
    })
    worker.on('error', () => {
      this.#lost(worker)
    })
    worker.on('exit', () => {
      this.#lost(worker)
    })
    this.#worker = worker
  }

  get isBusy(): boolean {
    return this.#isClosed || this.#waiting.size >= waitingMax
  }

  /** Rejects with a Fault where it cannot be told. */
  async matches(pin: string, about: NonNullable<OfflinePerson['pin']>): Promise<boolean> {
    this.warm()
    if (this.isBusy) throw new Fault('internal', 'transient')
    const n = ++this.#n
    const { hash } = about
    const peppered = createHmac('sha256', Buffer.from(about.pepper, 'base64url'))
      .update(pin)
      .digest('base64url')
    const result = await new Promise<boolean | Fault>((resolve) => {
      const deadline = setTimeout(() => {
        void this.#worker?.terminate()
        this.#settle(n, new Fault('internal', 'transient'))
      }, checkMaxMs)
      this.#waiting.set(n, (settled) => {
        clearTimeout(deadline)
        resolve(settled)
      })
      const order: PinOrder = { n, peppered, hash }
      this.#worker?.postMessage(order)
    })
    if (result instanceof Fault) throw result
    return result
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#worker?.terminate()
  }

  #settle(n: number, result: boolean | Fault): void {
    const waiting = this.#waiting.get(n)
    this.#waiting.delete(n)
    waiting?.(result)
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    for (const n of [...this.#waiting.keys()]) this.#settle(n, new Fault('internal', 'transient'))
  }
}
