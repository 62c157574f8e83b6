// A clock that a visitor can hurry: minutes pass in seconds, on the wall as well, and what was to
// happen in them happens in its order. The wall clock can be set apart, as somebody sets it.

import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@wardkey/agent/platform/clock'

interface Waiting {
  readonly atMs: number
  readonly run: () => void
  readonly timer: NodeJS.Timeout
}

/** Small enough that nothing which looks once a second sees a gap. */
const stepMs = 1000
const stepEveryMs = 10

export class DemoClock implements Clock {
  readonly #waiting = new Set<Waiting>()
  #passedMs = 0
  /** How far the wall clock was put forward. */
  aheadMs = 0

  monoMs(): number {
    return performance.now() + this.#passedMs
  }

  /** It goes with the other: a wall clock that stays behind is one that somebody has set back. */
  wallMs(): number {
    return Date.now() + this.#passedMs + this.aheadMs
  }

  after(delayMs: number, run: () => void): () => void {
    const waiting: Waiting = {
      atMs: this.monoMs() + delayMs,
      run,
      timer: setTimeout(() => {
        this.#fire(waiting)
      }, delayMs),
    }
    this.#waiting.add(waiting)
    return () => {
      this.#forget(waiting)
    }
  }

  /**
   * Lets so much time pass. Stops as soon as it is asked to: what waits for a person or a browser
   * must have the time that these need.
   */
  async pass(ms: number, isToStop: () => boolean): Promise<void> {
    for (let leftMs = ms; leftMs > 0 && !isToStop(); leftMs -= stepMs) {
      this.#passedMs += Math.min(stepMs, leftMs)
      const nowMs = this.monoMs()
      const due = [...this.#waiting].filter(({ atMs }) => atMs <= nowMs)
      for (const one of due.toSorted((a, b) => a.atMs - b.atMs)) this.#fire(one)
      await pause(stepEveryMs)
    }
  }

  #fire(waiting: Waiting): void {
    // Taken back by one that was due before it.
    if (!this.#waiting.has(waiting)) return
    this.#forget(waiting)
    waiting.run()
  }

  #forget(waiting: Waiting): void {
    clearTimeout(waiting.timer)
    this.#waiting.delete(waiting)
  }
}
