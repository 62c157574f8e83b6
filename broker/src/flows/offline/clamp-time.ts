// A workstation's time as the books can have it. Pure.

/** Clocks differ a little; more than this ahead is no time that can have been. */
const aheadMaxMs = 2000

/** How far a workstation's clock is ahead of ours as it tells; nothing where they agree. */
export function clockAhead(clockMs: number | undefined, nowMs: number): number | undefined {
  const aheadMs = clockMs === undefined ? 0 : clockMs - nowMs
  return Math.abs(aheadMs) > aheadMaxMs ? aheadMs : undefined
}

/** Of two clocks that differ a little, and of what was under way. */
const ageSlackMs = 5000

/**
 * How old what it decided with was by our clock, where that is not what the workstation counted:
 * its own was set meanwhile. As far as the clocks differed when it came back; it may have been set
 * more than once, so that neither is known to be right. Nothing where they agree.
 */
export function ageByClock(
  { atMs, bundleAgeMs }: { readonly atMs: number; readonly bundleAgeMs: number },
  issuedMs: number | undefined,
  clockAheadMs: number | undefined,
): number | undefined {
  if (issuedMs === undefined || clockAheadMs === undefined) return undefined
  const ageMs = Math.max(0, atMs - clockAheadMs - issuedMs)
  return Math.abs(ageMs - bundleAgeMs) > ageSlackMs ? ageMs : undefined
}

export interface BookTime {
  readonly ms: number
  readonly isAhead: boolean
}

/**
 * Never after now, nor before what it was decided with was made. A time that has not come yet is
 * taken by our clock, as far as the two differ now: what lasted ten minutes there did so here too.
 */
export function bookTime(atMs: number, nowMs: number, notBeforeMs = 0, clockAheadMs = 0): BookTime {
  const isAhead = atMs > nowMs + aheadMaxMs
  const ourMs = isAhead ? atMs - Math.max(0, clockAheadMs) : atMs
  const ms = Math.max(Math.min(ourMs, nowMs), Math.min(notBeforeMs, nowMs))
  return { ms, isAhead }
}
