// What time it is on the broker's clock, as far as a workstation without a broker can know: never
// less than it knew before. Once the clock on the wall goes back, it says that it does not know.

import type { Clock } from '../platform/clock.ts'
import type { Remembered } from './memory.ts'

/** Less than this is how clocks are; more is a hand that set them. */
const slackMs = 2000
/** The even clock of some systems drifts from the wall's by seconds a day: looked at often. */
const anchorEveryMs = 60_000

export class TrustedTime {
  readonly #clock: Pick<Clock, 'monoMs' | 'wallMs'>
  #offsetMs: number
  #highestMs: number
  /** What the even clock said when the wall's was last believed. */
  #anchor: { readonly atMs: number; readonly monoMs: number }
  #isDoubtful: boolean

  constructor(clock: Pick<Clock, 'monoMs' | 'wallMs'>, before: Remembered['clock']) {
    this.#clock = clock
    this.#offsetMs = before.offsetMs
    this.#highestMs = before.highestMs
    this.#anchor = { atMs: this.#wallMs(), monoMs: clock.monoMs() }
    // Nobody knows how long it was off: a time before the last one known is no time.
    this.#isDoubtful = this.#wallMs() < before.highestMs - slackMs
  }

  nowMs(): number {
    const wallMs = this.#wallMs()
    const monoMs = this.#clock.monoMs()
    const evenMs = this.#anchor.atMs + monoMs - this.#anchor.monoMs
    if (wallMs < evenMs - slackMs) this.#isDoubtful = true
    this.#highestMs = Math.max(this.#highestMs, wallMs, this.#isDoubtful ? evenMs : 0)
    if (!this.#isDoubtful && (wallMs > evenMs || monoMs - this.#anchor.monoMs > anchorEveryMs)) {
      this.#anchor = { atMs: wallMs, monoMs }
    }
    return Math.round(this.#highestMs)
  }

  /** The wall's clock went back since a broker last said the time. */
  get isDoubtful(): boolean {
    this.nowMs()
    return this.#isDoubtful
  }

  /** A broker said the time over its own line: what was known before counts no longer. */
  told(brokerMs: number): void {
    this.#offsetMs = brokerMs - this.#clock.wallMs()
    this.#highestMs = brokerMs
    this.#anchor = { atMs: brokerMs, monoMs: this.#clock.monoMs() }
    this.#isDoubtful = false
  }

  /** Something that a broker signed is of that moment: it is not earlier than that. */
  atLeast(brokerMs: number): void {
    if (this.nowMs() < brokerMs) this.told(brokerMs)
  }

  get kept(): Remembered['clock'] {
    this.nowMs()
    return { highestMs: this.#highestMs, offsetMs: this.#offsetMs }
  }

  #wallMs(): number {
    return this.#clock.wallMs() + this.#offsetMs
  }
}
