// Taking apart in order what was put together: from what lets people in to what keeps what they
// did. Each step is tried, whatever became of the ones before it.

import { Fault } from './fault.ts'
import type { Log } from './log.ts'

/** In the order in which they end. */
const phases = ['doors', 'chores', 'flows', 'farewell', 'record', 'threads', 'store'] as const
export type Phase = (typeof phases)[number]

export class Shutdown {
  readonly #steps = new Map<Phase, (() => Promise<void>)[]>()
  readonly #log: Log
  #isRun: Promise<void> | undefined

  constructor(log: Log) {
    this.#log = log
  }

  get isBegun(): boolean {
    return this.#isRun !== undefined
  }

  add(phase: Phase, step: () => Promise<void>): void {
    this.#steps.set(phase, [...(this.#steps.get(phase) ?? []), step])
  }

  /** Once, however often it is asked for; steps of one phase end together. */
  run(): Promise<void> {
    this.#isRun ??= this.#runAll()
    return this.#isRun
  }

  async #runAll(): Promise<void> {
    for (const phase of phases) {
      const ended = await Promise.allSettled((this.#steps.get(phase) ?? []).map((step) => step()))
      for (const outcome of ended) {
        if (outcome.status === 'fulfilled') continue
        const thrown: unknown = outcome.reason
        const code = thrown instanceof Fault ? thrown.code : 'internal'
        this.#log.error('broker.stop-failed', { kind: phase, code })
      }
    }
  }
}
