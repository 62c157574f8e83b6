// Time as the broker sees it, handed to whoever needs it. Rights that run out are judged by
// wall-clock milliseconds, waits and ages by the monotonic clock, which nobody can set.

export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: () => number
  /** Only ever goes forward; says nothing about the date. */
  readonly monotonicMs: () => number
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}
