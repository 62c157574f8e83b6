// The desktop that the agent runs on, as far as it must know it: locked, idle, asleep. It never
// unlocks anything, and no question here can hold the agent up: what is not answered is unknown.

export type DesktopEvent =
  /** The machine is about to sleep; where that is not told, only `resumed` comes. */
  | { readonly kind: 'sleeping' }
  /** It slept and woke, by the system's word. */
  | { readonly kind: 'resumed' }
  /** The wall clock ran ahead: set by somebody, or a sleep, which the system may tell besides. */
  | { readonly kind: 'clock-ran-ahead' }
  /** The wall clock was set back, by so much that times cannot be trusted across it. */
  | { readonly kind: 'clock-set-back' }
  /** The agent itself did not run for that long: whatever was to happen meanwhile did not. */
  | { readonly kind: 'stalled'; readonly ms: number }
  /** The operating system's own lock, whoever asked for it. */
  | { readonly kind: 'session-locked' }
  | { readonly kind: 'session-unlocked' }

export type LockOutcome =
  /** The system was asked and did not refuse; `session-locked` follows where it is told. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'refused'; readonly code: 'desktop-lock-unavailable'; readonly detail: string }

export interface Desktop {
  readonly kind: 'windows' | 'macos' | 'linux' | 'fake'
  /** Asks the operating system to lock. Never throws; asking twice is harmless. */
  lock(): Promise<LockOutcome>
  /** Since the last key, touch or mouse move of anybody; undefined where nobody can say. */
  idleMs(): Promise<number | undefined>
  /** What it returns ends the telling. */
  watch(listener: (event: DesktopEvent) => void): () => void
  /** Lets go of everything; nothing is told afterwards. May be called twice. */
  close(): Promise<void>
}

/** Time as it is handed in: a clock that never goes back, and the one on the wall. */
export interface DesktopClock {
  monoMs(): number
  wallMs(): number
  /** Runs once after the delay; what it returns takes that back. */
  after(delayMs: number, run: () => void): () => void
}

/** A question to the operating system is given up by then. */
export const answerWithinMs = 2000
