// Where the time goes between a tap and its chart: marks on the monotonic clock, each counted from
// the moment at which the reader noticed the card. One tap at a time, as on the screen.

import type { TapId } from '@wardkey/protocol/ids'
import type { LaunchStage } from '@wardkey/protocol/launch-steps'

export type Stage =
  /** The card was read: from here on it is the agent's time. */
  | 'read'
  /** The broker was asked. */
  | 'reader'
  | 'pin-asked'
  | 'pin-given'
  /** The broker has answered that the person is admitted. */
  | 'broker'
  | LaunchStage

/** Between two taps of a hurry; what is older was never asked about. */
const noticedMax = 8

interface Noticed {
  readonly atMs: number
  readonly readMs: number
}

export class StageTimes {
  readonly #noticed = new Map<TapId, Noticed>()
  #startMs: number | undefined
  #marks: Partial<Record<Stage, number>> = {}

  /** The reader noticed it at `atMs`, and told of it at `readMs`. */
  notice(tapId: TapId, atMs: number, readMs: number): void {
    this.#noticed.set(tapId, { atMs, readMs })
    const oldest = this.#noticed.keys().next()
    if (this.#noticed.size > noticedMax && oldest.done !== true) this.#noticed.delete(oldest.value)
  }

  begin(tapId: TapId, nowMs: number): void {
    const noticed = this.#noticed.get(tapId)
    this.#startMs = noticed?.atMs ?? nowMs
    this.#marks = {}
    if (noticed) this.mark('read', noticed.readMs)
    this.mark('reader', nowMs)
  }

  mark(stage: Stage, nowMs: number): void {
    if (this.#startMs === undefined) return
    const typedMs = stage === 'pin-asked' ? this.#typedMs() : 0
    this.#marks[stage] = Math.round((nowMs - this.#startMs - typedMs) * 10) / 10
  }

  /**
   * What tries before took, that did not match: a person's time as well, and between the two marks
   * as if she had typed for so much longer.
   */
  #typedMs(): number {
    const { 'pin-asked': askedMs, 'pin-given': givenMs } = this.#marks
    return askedMs === undefined || givenMs === undefined ? 0 : Math.max(0, givenMs - askedMs)
  }

  marks(): Readonly<Record<string, number>> {
    return { ...this.#marks }
  }
}
