// A workstation's time as the books can have it. Pure.

/** Clocks differ a little; more than this ahead is no time that can have been. */
const aheadMaxMs = 2000

/** How far a workstation's clock is ahead of ours as it tells; nothing where they agree. */
export function clockAhead(clockMs: number | undefined, nowMs: number): number | undefined {
  const aheadMs = clockMs === undefined ? 0 : clockMs - nowMs
  return Math.abs(aheadMs) > aheadMaxMs ? aheadMs : undefined
}

export interface BookTime {
  readonly ms: number
  readonly isAhead: boolean
}

/** Never after now, nor before what it was decided with was made. */
export function bookTime(atMs: number, nowMs: number, notBeforeMs = 0): BookTime {
  const ms = Math.max(Math.min(atMs, nowMs), Math.min(notBeforeMs, nowMs))
  return { ms, isAhead: atMs > nowMs + aheadMaxMs }
}
