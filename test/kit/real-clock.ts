// The real clocks in the shape that readers and desktop take it, for tests that run
// against real services.

import type { DesktopClock } from '../../agent/src/desktop/desktop.ts'

export const realClock: DesktopClock = {
  monoMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
