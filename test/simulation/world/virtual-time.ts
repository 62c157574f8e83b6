// Time that passes only from one event to the next. Everything that waits, waits here; between two
// events all promises settle. Nothing waits for real.

interface Timer {
  readonly atMs: number
  readonly order: number
  run: (() => void) | undefined
}

export class VirtualTime {
  nowMs = 0
  events = 0
  #order = 0
  readonly #heap: Timer[] = []

  /** What it returns takes it back. */
  after = (delayMs: number, run: () => void): (() => void) => {
    const timer: Timer = { atMs: this.nowMs + Math.max(0, delayMs), order: this.#order++, run }
    this.#push(timer)
    return () => {
      timer.run = undefined
    }
  }

  /** Runs what is due until then; `afterEach` sees the world whenever something has happened. */
  async run(untilMs: number, afterEach: () => void): Promise<void> {
    for (;;) {
      const next = this.#heap[0]
      if (!next || next.atMs > untilMs) break
      this.#pop()
      const { run } = next
      if (!run) continue
      this.nowMs = Math.max(this.nowMs, next.atMs)
      this.events += 1
      run()
      await settled()
      afterEach()
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let at = heap.push(timer) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (!parent || !isBefore(timer, parent)) break
      heap[at] = parent
      heap[above] = timer
      at = above
    }
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      const one = heap[left]
      const other = heap[right]
      const isRight = one !== undefined && other !== undefined && isBefore(other, one)
      const child = isRight ? other : one
      if (!child || !isBefore(child, last)) break
      heap[at] = child
      at = isRight ? right : left
    }
    heap[at] = last
  }
}

/** Every promise that waits for nothing but promises has run to its end. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)
}

/** The clocks of one process: what it waits for ends with it, and its wall clock can be set. */
export class ProcessClock {
  readonly #time: VirtualTime
  readonly #wallFromMs: () => number
  isAlive = true

  constructor(time: VirtualTime, wallFromMs: () => number) {
    this.#time = time
    this.#wallFromMs = wallFromMs
  }

  monoMs = (): number => this.#time.nowMs + 1000

  wallMs = (): number => Math.floor(this.#wallFromMs() + this.#time.nowMs)

  after = (delayMs: number, run: () => void): (() => void) =>
    this.#time.after(delayMs, () => {
      if (this.isAlive) run()
    })

  /** Resolves then; never, where the process has ended by then. */
  wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      this.after(ms, resolve)
    })

  end(): void {
    this.isAlive = false
  }
}
