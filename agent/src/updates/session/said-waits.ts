// What the session's half of updates waits for, laid down for whoever asks at the workstation: when
// it changes, and once a minute. A word of a closed list, and nobody leans on it.

import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import { laySaid } from '../hand-over/hand-over-places.ts'
import type { HandOverPlaces } from '../hand-over/hand-over-places.ts'
import type { SessionWaits, WaitWord } from '../hand-over/session-waits.ts'

const aliveEveryMs = 60_000

export class SaidWaits {
  readonly #path: string
  readonly #clock: Pick<Clock, 'monoMs' | 'wallMs'>
  #word: WaitWord | undefined
  #saidMs = -Infinity
  /** True at first: one of a run before may lie there. */
  #isLaid = true

  constructor({ waits }: Pick<HandOverPlaces, 'waits'>, clock: Pick<Clock, 'monoMs' | 'wallMs'>) {
    this.#path = waits
    this.#clock = clock
  }

  /** Nothing while an order lies there or a release is on trial: those speak for themselves. */
  async say(word: WaitWord | undefined): Promise<void> {
    if (word === undefined) return this.takeAway()
    const nowMs = this.#clock.monoMs()
    if (word === this.#word && nowMs - this.#saidMs < aliveEveryMs) return
    // Who installs the agent makes that folder; where it is missing, the doctor says so.
    if (!existsSync(dirname(this.#path))) return
    const atMs = Math.round(this.#clock.wallMs())
    this.#isLaid = true
    await laySaid(this.#path, { version: 1, atMs, waits: word } satisfies SessionWaits)
    this.#word = word
    this.#saidMs = nowMs
  }

  async takeAway(): Promise<void> {
    if (!this.#isLaid) return
    await rm(this.#path, { force: true })
    this.#isLaid = false
    this.#word = undefined
  }
}
