// Windows in which the badge alone is enough: those that the bundle brought, and those that a PIN
// opened here. In memory only: a restart asks for the PIN again, and so does a sleep.

import type { PersonId } from '@wardkey/protocol/ids'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'

type Grace = NonNullable<OfflinePerson['grace']>

export class Graces {
  readonly #here = new Map<PersonId, Grace>()
  #trustedSinceMs: number

  /** All on the broker's clock. */
  constructor(bootedMs: number) {
    this.#trustedSinceMs = bootedMs
  }

  get trustedSinceMs(): number {
    return this.#trustedSinceMs
  }

  of({ personId, grace }: Pick<OfflinePerson, 'personId' | 'grace'>): Grace | undefined {
    const here = this.#here.get(personId)
    if (!here || !grace) return here ?? grace
    return here.pinAtMs >= grace.pinAtMs ? here : grace
  }

  /** She was let in by that PIN, or within its window: the rolling limit begins again. */
  proved(personId: PersonId, pinAtMs: number, nowMs: number): void {
    this.#here.set(personId, { pinAtMs, lastMs: nowMs })
  }

  /** Her own badge was shown just now. */
  touched(personId: PersonId, nowMs: number): void {
    const here = this.#here.get(personId)
    if (here) this.#here.set(personId, { ...here, lastMs: nowMs })
  }

  /** A sleep, or a clock that jumped. */
  forget(nowMs: number): void {
    this.#here.clear()
    this.#trustedSinceMs = Math.max(this.#trustedSinceMs, nowMs)
  }
}
