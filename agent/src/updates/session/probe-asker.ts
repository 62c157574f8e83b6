// Asks whether a tap would be answered while a release is on trial, one question at a time, until
// it was answered once. Never rejects; without anybody to ask it stays unanswered.

import type { Clock } from '../../platform/clock.ts'

export interface ProbeAskerNeeds {
  readonly probe: ((withinMs: number) => Promise<boolean>) | undefined
  readonly clock: Pick<Clock, 'monoMs'>
}

const withinMs = 10_000
const everyMs = 15_000

export class ProbeAsker {
  readonly #needs: ProbeAskerNeeds
  #isAnswered = false
  #isAsking = false
  #dueMs = -Infinity

  constructor(needs: ProbeAskerNeeds) {
    this.#needs = needs
  }

  /** Whether one was answered since this process began. */
  get is(): boolean {
    return this.#isAnswered
  }

  askIfDue(nowMs: number): void {
    const { probe } = this.#needs
    if (!probe || this.#isAnswered || this.#isAsking || nowMs < this.#dueMs) return
    this.#isAsking = true
    this.#dueMs = nowMs + everyMs
    void probe(withinMs)
      .then(
        (isAnswered) => {
          this.#isAnswered = isAnswered
        },
        // As good as none: it is asked again.
        () => undefined,
      )
      .finally(() => {
        this.#isAsking = false
      })
  }
}
