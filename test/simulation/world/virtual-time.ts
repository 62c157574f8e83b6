// Time that passes only from one event to the next. Everything that waits, waits here; between two
// events all promises settle. Nothing waits for real.

interface Timer {
  readonly atMs: number
  readonly order: number
  run: (() => void) | undefined
}

const breatheEvery = 5000
const realMaxMs = 30_000

export class VirtualTime {
  nowMs = 0
  events = 0
  #order = 0
  #quiet = 0
  #real = 0
  readonly #heap: Timer[] = []

  /** What it returns takes it back. */
  after = (delayMs: number, run: () => void): (() => void) => {
    const timer: Timer = { atMs: this.nowMs + Math.max(0, delayMs), order: this.#order++, run }
    this.#push(timer)
    return () => {
      timer.run = undefined
    }
  }

  /** Said by an event that has started nothing and changed nothing but when it was. */
  quiet(): void {
    this.#quiet += 1
  }

  /** Work that another thread does, or a turn of this one: time stands still until it is done. */
  real<T>(work: Promise<T>): Promise<T> {
    this.#real += 1
    return work.finally(() => {
      this.#real -= 1
    })
  }

  /**
   * Runs what is due until then. `look` sees the world whenever something has happened, and before
   * anything else happens wherever `lookByMs` has passed meanwhile.
   */
  async run(
    untilMs: number,
    look: () => void,
    lookByMs: () => number = () => Infinity,
  ): Promise<void> {
    for (;;) {
      const next = this.#heap[0]
      if (!next || next.atMs > untilMs) break
      this.#pop()
      const { run } = next
      if (!run) continue
      this.nowMs = Math.max(this.nowMs, next.atMs)
      if (this.nowMs > lookByMs()) look()
      this.events += 1
      const quietBefore = this.#quiet
      run()
      if (this.#quiet !== quietBefore) continue
      await settled()
      if (this.#real > 0) await this.#standStill()
      look()
      if (this.events % breatheEvery === 0) await breath()
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
  }

  async #standStill(): Promise<void> {
    const byMs = performance.now() + realMaxMs
    while (this.#real > 0) {
      // Otherwise it would be for ever: what is real work must not wait for virtual time.
      if (performance.now() > byMs) throw new Error('time stands still for work that waits for it')
      await breath()
    }
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

/**
 * Every promise that waits for nothing but promises has run to its end: what is handed to the next
 * tick from within a promise comes when no promise is left to go on.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve)
  })
}

/** Ticks go before everything else in this process: whoever waits for a real event has a turn. */
function breath(): Promise<void> {
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
