// A deadline around a promise. What comes after it is heard by nobody, and a failure then is no
// unhandled one.

import type { Clock } from '../platform/clock.ts'
import { Fault } from '../platform/fault.ts'

/** Rejects with Fault `launch-failed`, ambiguous, where `work` has not ended by then. */
export function within<T>(work: Promise<T>, withinMs: number, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = clock.after(withinMs, () => {
      reject(new Fault('launch-failed', 'ambiguous'))
    })
    work.then(resolve, reject).finally(forget)
  })
}
