// The real monotonic clock in the shape that readers and desktop take it, for tests that run
// against real services.

import type { ReaderClock } from '../../agent/src/readers/reader.ts'

export const realClock: ReaderClock = {
  monoMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
