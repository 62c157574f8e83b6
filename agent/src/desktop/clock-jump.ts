// Tells from two clocks whether the machine slept, the clock was set, or we were not running
// between two looks. Pure. On Linux and macOS the monotonic clock stands still in sleep; on
// Windows it goes on, and sleep looks like a stall: both end in a locked screen.

export interface ClockLook {
  readonly monoMs: number
  readonly wallMs: number
}

export type ClockJump =
  | { readonly kind: 'steady' }
  /** The wall clock ran ahead: a sleep, or a clock set forward, which is treated as one. */
  | { readonly kind: 'ran-ahead'; readonly ms: number }
  | { readonly kind: 'set-back'; readonly ms: number }
  /** Both clocks ran on, and we did not look for that much longer than we meant to. */
  | { readonly kind: 'stalled'; readonly ms: number }

export interface JumpLimits {
  /** How far apart looks are meant to be. */
  readonly lookEveryMs: number
  /** A time server slews by less than this between two looks, and a step over it is a jump. */
  readonly toleranceMs: number
  /** A look that comes this late means that we did not run. */
  readonly stallMs: number
}

export function judgeClocks(last: ClockLook, now: ClockLook, limits: JumpLimits): ClockJump {
  const monoMs = now.monoMs - last.monoMs
  const aheadMs = now.wallMs - last.wallMs - monoMs
  if (aheadMs > limits.toleranceMs) return { kind: 'ran-ahead', ms: aheadMs }
  const lateMs = monoMs - limits.lookEveryMs
  if (lateMs > limits.stallMs) return { kind: 'stalled', ms: lateMs }
  if (aheadMs < -limits.toleranceMs) return { kind: 'set-back', ms: -aheadMs }
  return { kind: 'steady' }
}
