// Stands in for the hashing of PINs, and for nothing else of them: argon2id runs in threads and is
// slow on purpose. Places, their number and the time that hashing takes are kept, on virtual time;
// counting, waiting and locking are the product's own (identity/verify-pin).

import { PinHashing } from '@wardkey/broker/identity/pin-hashing'
import type { PinPlace } from '@wardkey/broker/identity/pin-hashing'
import { pepperedPin, pinScheme } from '@wardkey/broker/identity/pin-pepper'
import type { PersonId } from '@wardkey/protocol/ids'
import { quickHash } from './alone/quick-pin-check.ts'

export interface QuickPinsNeeds {
  readonly pepper: Buffer
  readonly placesMax: number
  readonly wait: (ms: number) => Promise<void>
  readonly takesMs: () => number
}

export class QuickPins extends PinHashing {
  readonly #needs: QuickPinsNeeds
  #taken = 0

  constructor(needs: QuickPinsNeeds) {
    super({ threads: 0, queueMax: 0, pepper: needs.pepper })
    this.#needs = needs
  }

  override get waiting(): number {
    return this.#taken
  }

  override get retryAfterMs(): number {
    return 1000
  }

  override reserve(): PinPlace | undefined {
    const { placesMax, wait, takesMs } = this.#needs
    if (this.#taken >= placesMax) return undefined
    this.#taken += 1
    let isHeld = true
    const leave = (): void => {
      if (isHeld) this.#taken -= 1
      isHeld = false
    }
    const after = async <T>(value: () => T): Promise<T> => {
      await wait(takesMs())
      leave()
      return value()
    }
    return {
      verify: (person, pin, { hash }) =>
        after(() => ({ isMatch: this.#hashOf(person, pin) === hash })),
      hash: (person, pin) => after(() => this.#hashOf(person, pin)),
      leave,
    }
  }

  #hashOf(person: PersonId, pin: string): string {
    return quickHash(pepperedPin(this.#needs.pepper, pinScheme, person, pin))
  }
}
