// Who listens to a desktop, and the clock that every desktop is listened to with: sleep shows in
// the clocks even where the system tells nothing. It asks the system nothing itself.

import { judgeClocks } from './clock-jump.ts'
import type { ClockJump, ClockLook } from './clock-jump.ts'
import type { DesktopClock, DesktopEvent } from './desktop.ts'

const lookEveryMs = 1000
/** The system's word for a sleep that the clocks showed first is there by then. */
const lateWordMs = 10_000
const limits = { lookEveryMs, toleranceMs: 2000, stallMs: 10_000 }

export class DesktopListeners {
  readonly #clock: DesktopClock
  readonly #listeners = new Set<(event: DesktopEvent) => void>()
  #last: ClockLook
  /** The system said that it would sleep, and not yet that it woke. */
  #isSleeping = false
  /** When a sleep was last told that only the clocks showed, monotonic. */
  #shownMs = -Infinity
  #forgetLook: (() => void) | undefined

  constructor(clock: DesktopClock) {
    this.#clock = clock
    this.#last = this.#look()
    this.#lookLater()
  }

  add(listener: (event: DesktopEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(event: DesktopEvent): void {
    if (event.kind === 'sleeping') this.#isSleeping = true
    if (event.kind === 'resumed' && this.#isToldAlready()) return
    this.#pass(event)
  }

  /** A sleep that both show is told once: by the system's word, where that is there in time. */
  #isToldAlready(): boolean {
    this.#isSleeping = false
    const now = this.#look()
    const isSteady = judgeClocks(this.#last, now, limits).kind === 'steady'
    this.#last = now
    return isSteady && now.monoMs - this.#shownMs < lateWordMs
  }

  #pass(event: DesktopEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }

  close(): void {
    this.#listeners.clear()
    this.#forgetLook?.()
  }

  #lookLater(): void {
    this.#forgetLook = this.#clock.after(lookEveryMs, () => {
      const now = this.#look()
      const jump = judgeClocks(this.#last, now, limits)
      this.#last = now
      this.#lookLater()
      const event = eventOf(jump)
      if (event !== undefined) this.#shown(event, now)
    })
  }

  #shown(event: DesktopEvent, { monoMs }: ClockLook): void {
    const isLikeSleep = event.kind === 'clock-ran-ahead' || event.kind === 'stalled'
    const isSleep = isLikeSleep && this.#isSleeping
    if (isLikeSleep) this.#shownMs = monoMs
    if (isSleep) this.#isSleeping = false
    this.#pass(isSleep ? { kind: 'resumed' } : event)
  }

  #look(): ClockLook {
    return { monoMs: this.#clock.monoMs(), wallMs: this.#clock.wallMs() }
  }
}

function eventOf(jump: ClockJump): DesktopEvent | undefined {
  switch (jump.kind) {
    case 'steady':
      return undefined
    case 'ran-ahead':
      return { kind: 'clock-ran-ahead' }
    case 'set-back':
      return { kind: 'clock-set-back' }
    case 'stalled':
      return { kind: 'stalled', ms: jump.ms }
  }
}
