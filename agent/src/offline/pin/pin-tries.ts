// How often a PIN was wrong here: counted, durably, before it is looked at, for the person and for
// the workstation, by the broker's own schedule. A restart, or another bundle, forgives nothing.

import { createHash } from 'node:crypto'
import type { PersonId } from '@wardkey/protocol/ids'
import {
  foreverMs,
  lockMsAfter,
  triesLeft,
  workstationLockMsAfter,
} from '@wardkey/protocol/workstation/pin-lock'
import type { Clock } from '../../platform/clock.ts'
import type { Memory, Remembered } from '../memory.ts'
import type { TrustedTime } from '../trusted-time.ts'

/**
 * Whose PIN, and how she was named. By her number anybody may try: such tries are counted apart, so
 * that nobody locks a colleague's badge and PIN by typing her number.
 */
export interface Tried {
  readonly personId: PersonId
  readonly by: 'card' | 'staff-number'
  readonly hash: string
}

type Tries = Remembered['tries'][string]

const place = 'place'

export class PinTries {
  readonly #memory: Memory
  readonly #time: TrustedTime
  readonly #clock: Pick<Clock, 'monoMs'>
  /** The same ends on the even clock: putting the wall's forward opens nothing here. */
  readonly #monoUntil = new Map<string, number>()

  constructor(memory: Memory, time: TrustedTime, clock: Pick<Clock, 'monoMs'>) {
    this.#memory = memory
    this.#time = time
    this.#clock = clock
  }

  lockedUntilMs(tried: Tried): number {
    return this.#untilMs(keyOf(tried), aboutOf(tried.hash))
  }

  placeLockedUntilMs(): number {
    return this.#untilMs(place, '')
  }

  /** Fewer than all only after a wrong one. */
  failures(tried: Tried): number {
    return this.#found(keyOf(tried), aboutOf(tried.hash))?.failures ?? 0
  }

  triesLeft(tried: Tried): number {
    return triesLeft(this.failures(tried))
  }

  /** Resolves when the try is counted on the disk; until then the PIN may not be looked at. */
  begin(tried: Tried): Promise<void> {
    const { tries } = this.#memory.now
    const about = aboutOf(tried.hash)
    return this.#memory.change({
      tries: {
        ...tries,
        [keyOf(tried)]: this.#after(keyOf(tried), about, lockMsAfter),
        [place]: this.#after(place, '', workstationLockMsAfter),
      },
    })
  }

  /** Another PIN than theirs, or of nobody: counted for the workstation alone. */
  beginForNobody(): Promise<void> {
    const { tries } = this.#memory.now
    return this.#memory.change({
      tries: { ...tries, [place]: this.#after(place, '', workstationLockMsAfter) },
    })
  }

  matched(tried: Tried): Promise<void> {
    const gone = new Set([keyOf(tried), place])
    for (const key of gone) this.#monoUntil.delete(key)
    const kept = Object.entries(this.#memory.now.tries).filter(([key]) => !gone.has(key))
    return this.#memory.change({ tries: Object.fromEntries(kept) })
  }

  #after(key: string, about: string, lockMs: (failures: number) => number): Tries {
    const failures = (this.#found(key, about)?.failures ?? 0) + 1
    const waitMs = lockMs(failures)
    this.#monoUntil.set(key, this.#clock.monoMs() + waitMs)
    const untilMs = waitMs === 0 ? 0 : Math.min(foreverMs, this.#time.nowMs() + waitMs)
    return { failures, untilMs, about }
  }

  #untilMs(key: string, about: string): number {
    const found = this.#found(key, about)
    if (!found) return 0
    const monoLeftMs = (this.#monoUntil.get(key) ?? 0) - this.#clock.monoMs()
    const even = monoLeftMs > 0 ? this.#time.nowMs() + monoLeftMs : 0
    return Math.min(foreverMs, Math.max(found.untilMs, even))
  }

  #found(key: string, about: string): Tries | undefined {
    const found = this.#memory.now.tries[key]
    return found?.about === about ? found : undefined
  }
}

function keyOf({ personId, by }: Tried): string {
  return by === 'card' ? personId : `number ${personId}`
}

function aboutOf(hash: string): string {
  return createHash('sha256').update(hash).digest('hex').slice(0, 32)
}
