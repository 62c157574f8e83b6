// The hashes of a growing tree's larger subtrees, kept so that no proof reads all of its leaves.
// It holds 64 bytes for each 256 entries; what is smaller is hashed again when it is asked for.

import { hashBytes } from './tree-hash.ts'
import type { Hash } from './tree-hash.ts'

/** Subtrees of fewer leaves than 2^8 are not kept. */
export const keptLevel = 8

export class KeptNodes {
  /** One buffer a level from `keptLevel` on; subtrees stand by their index. */
  readonly #levels: { bytes: Buffer; count: number }[] = []

  /** Each once in the order of its level, or again with the same hash: both leave it as it was. */
  keep(level: number, index: number, hash: Hash): void {
    if (level < keptLevel) return
    const kept = (this.#levels[level - keptLevel] ??= { bytes: Buffer.alloc(hashBytes), count: 0 })
    if (index > kept.count) throw new RangeError('a subtree before the one that it follows')
    if ((index + 1) * hashBytes > kept.bytes.length) {
      kept.bytes = Buffer.concat([kept.bytes, Buffer.alloc(kept.bytes.length)])
    }
    hash.copy(kept.bytes, index * hashBytes)
    kept.count = Math.max(kept.count, index + 1)
  }

  find(level: number, index: number): Hash | undefined {
    const kept = this.#levels[level - keptLevel]
    if (!kept || index >= kept.count) return undefined
    return kept.bytes.subarray(index * hashBytes, (index + 1) * hashBytes)
  }
}
