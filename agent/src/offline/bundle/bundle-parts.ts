// The parts of a bundle as frames bring them, until they are one text. Bounded, in any order; parts
// of two bundles never meet in one. Pure, but for what it collects.

import { bundlePartMax, bundlePartsMax } from '@wardkey/protocol/workstation/offline-bundle'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'

type Part = Omit<BrokerFrameOf<'bundle'>, 'id' | 'kind'>

export class BundleParts {
  #sequence = 0
  #parts: (string | undefined)[] = []

  /** The whole text, once every part of it is there; then it begins anew. */
  take({ sequence, part, parts, text }: Part): string | undefined {
    if (part >= parts || parts > bundlePartsMax || text.length > bundlePartMax) return undefined
    if (sequence < this.#sequence) return undefined
    // A newer bundle, or the same one cut otherwise: what came of the other is worth nothing.
    if (sequence > this.#sequence || parts !== this.#parts.length) this.#begin(sequence, parts)
    this.#parts[part] = text
    if (this.#parts.includes(undefined)) return undefined
    const whole = this.#parts.join('')
    this.#begin(sequence, 0)
    return whole
  }

  /** Another connection: whatever was half said is said again from the beginning. */
  forget(): void {
    this.#begin(0, 0)
  }

  #begin(sequence: number, parts: number): void {
    this.#sequence = sequence
    this.#parts = Array.from({ length: parts }, () => undefined)
  }
}
