// Chance that is the same each time: a run that failed can be had again by its seed.

import { createHash } from 'node:crypto'

/** From 0 to below 1, by the seed and a number. */
export function chanceOf(seed: number): (n: number) => number {
  return (n) => {
    const hash = createHash('sha256').update(`${String(seed)} ${String(n)}`)
    return hash.digest().readUInt32BE(0) / 2 ** 32
  }
}
