// A desktop without a machine, for tests and the demo's workstations: it keeps what a real one
// keeps, and does what its hand does.

import type { Desktop, DesktopClock, DesktopEvent, LockOutcome } from '../desktop.ts'
import { DesktopListeners } from '../listeners.ts'

export class FakeDesktop implements Desktop {
  readonly kind = 'fake'
  readonly #clock: DesktopClock
  readonly #listeners: DesktopListeners
  #inputAtMs: number
  #locked = false
  /** How often it was asked to lock. */
  locksAsked = 0

  constructor(clock: DesktopClock) {
    this.#clock = clock
    this.#listeners = new DesktopListeners(clock)
    this.#inputAtMs = clock.monoMs()
  }

  lock(): Promise<LockOutcome> {
    this.locksAsked += 1
    this.setLocked(true)
    return Promise.resolve({ kind: 'asked' })
  }

  idleMs(): Promise<number | undefined> {
    return Promise.resolve(this.#clock.monoMs() - this.#inputAtMs)
  }

  watch(listener: (event: DesktopEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  close(): Promise<void> {
    this.#listeners.close()
    return Promise.resolve()
  }

  /** Somebody moves the mouse. */
  touch(): void {
    this.#inputAtMs = this.#clock.monoMs()
  }

  /** Somebody locks or unlocks it, other than through us. */
  setLocked(locked: boolean): void {
    if (locked === this.#locked) return
    this.#locked = locked
    this.#listeners.tell({ kind: locked ? 'session-locked' : 'session-unlocked' })
  }

  sleepAndWake(): void {
    this.#listeners.tell({ kind: 'sleeping' })
    this.#listeners.tell({ kind: 'resumed' })
  }
}
