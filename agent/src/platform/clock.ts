// Time as it is handed to everybody else: the clock that never goes back, the one on the wall, and
// waiting. Nobody else in the agent reads a clock.

export interface Clock {
  /** Goes on evenly, whatever is done to the wall clock. Deadlines are kept on it. */
  monoMs(): number
  /** Milliseconds since 1970; only for people and records, never for a deadline. */
  wallMs(): number
  /** Runs once after the delay; what it returns takes that back. */
  after(delayMs: number, run: () => void): () => void
}

export const systemClock: Clock = {
  monoMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
