// Time for the machine: often while something waits or is open, seldom while the screen is locked
// and nobody is there.

import type { Happening } from '../../machine/event.ts'
import type { State } from '../../machine/state.ts'
import type { Clock } from '../../platform/clock.ts'

const busyMs = 100
const idleMs = 5000
const noTimer = (): void => undefined

export class Ticker {
  readonly #clock: Clock
  readonly #post: (happening: Happening) => void
  #everyMs = idleMs
  #forget = noTimer
  #isStopped = false

  constructor(clock: Clock, post: (happening: Happening) => void) {
    this.#clock = clock
    this.#post = post
  }

  /** Called with each new state; the first call starts it. */
  follow({ phase }: State): void {
    const everyMs = phase.kind === 'locked' ? idleMs : busyMs
    if (everyMs === this.#everyMs && this.#forget !== noTimer) return
    this.#everyMs = everyMs
    this.#again()
  }

  stop(): void {
    this.#isStopped = true
    this.#forget()
  }

  #again(): void {
    this.#forget()
    if (this.#isStopped) return
    this.#forget = this.#clock.after(this.#everyMs, () => {
      this.#post({ kind: 'tick' })
      this.#again()
    })
  }
}
