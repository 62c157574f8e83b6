// A clock whose waits are so many times shorter, with the wall as it is: for whoever has to agree
// with another process on what is fresh. It moves by itself, unlike the one that a hand moves.

import type { Clock } from '@wardkey/agent/platform/clock'

export const quickClock = (times: number): Clock => ({
  monoMs: () => performance.now() * times,
  wallMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs / times)
    return () => {
      clearTimeout(timer)
    }
  },
})
