// How wrong PINs slow down: the same at a broker and at a workstation that decides by itself. Pure.

/** Wrong PINs in a row that a person may give before the PIN waits. */
export const failuresBeforeLock = 5
/**
 * After this many in a row the PIN works no more until it is set anew (SP 800-63B-4 §3.2.2: 100).
 */
export const failuresMax = 20
export const workstationFailuresBeforeLock = 15

const minuteMs = 60_000
const firstLockMs = 15 * minuteMs
const lockMaxMs = 8 * 60 * minuteMs
/** Later than any clock: the last millisecond a date can be. */
export const foreverMs = 8_640_000_000_000_000

/**
 * How long a PIN waits after this many wrong ones in a row: a quarter of an hour, doubling, so that
 * nobody gets more than five guesses in any quarter of an hour, however they are interleaved.
 */
export function lockMsAfter(failures: number): number {
  if (failures < failuresBeforeLock) return 0
  if (failures >= failuresMax) return foreverMs
  return Math.min(lockMaxMs, firstLockMs * 2 ** (failures - failuresBeforeLock))
}

/**
 * The same for a workstation, whoever's PINs they were: short waits, since a colleague may be the
 * next to stand there, but enough that a stolen box of badges is not tried out at one keyboard.
 */
export function workstationLockMsAfter(failures: number): number {
  if (failures < workstationFailuresBeforeLock) return 0
  return Math.min(5 * minuteMs, 30_000 * 2 ** (failures - workstationFailuresBeforeLock))
}

/** Tries before the next lock; told to the person only when it is fewer than all. */
export function triesLeft(failures: number): number {
  return Math.max(1, failuresBeforeLock - failures)
}
