// Clocks that a test moves by hand. Timers run in their order, each with the time it
// was set for; nothing waits for real, and nothing runs that was not due.

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

export class HandClock {
  #nowMs = 1000
  #wallAheadMs = 1_800_000_000_000
  readonly #timers = new Set<Timer>()

  monoMs(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return this.#nowMs + this.#wallAheadMs
  }

  /** Sets the clock on the wall by that much, as sleep does on Linux, or a person. */
  setWall(byMs: number): void {
    this.#wallAheadMs += byMs
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Moves on, running what comes due; promises settle between one timer and the next. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms
    await settle()
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
      await settle()
    }
    this.#nowMs = untilMs
  }

  /** As if the process had been asleep: time goes, and timers run late, all at the end. */
  async oversleep(ms: number): Promise<void> {
    this.#nowMs += ms
    await this.advance(0)
  }

  #next(untilMs: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.atMs <= untilMs)
    return due.toSorted((one, other) => one.atMs - other.atMs)[0]
  }
}

/** Lets everything that waits for nothing but promises run to its end. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
