// A workstation's time as the books can have it. Pure.

/** Clocks differ a little; more than this ahead is no time that can have been. */
const aheadMaxMs = 2000

export interface BookTime {
  readonly ms: number
  readonly isAhead: boolean
}

/** Never after now, nor before what it was decided with was made. */
export function bookTime(atMs: number, nowMs: number, notBeforeMs = 0): BookTime {
  const ms = Math.max(Math.min(atMs, nowMs), Math.min(notBeforeMs, nowMs))
  return { ms, isAhead: atMs > nowMs + aheadMaxMs }
}
