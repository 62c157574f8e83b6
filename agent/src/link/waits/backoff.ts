// How long to wait before the next attempt: exponential with full jitter, so that ten thousand
// workstations do not come back in the same second. Pure; randomness is handed in.

const firstMs = 250
const mostMs = 20_000

/** `attempt` counts from 1; `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(16, attempt - 1))
  return Math.floor(random * ceiling)
}
