// Chance from a seed: the same seed and name give the same numbers, whatever else is asked of
// other names. So that leaving out one act does not shuffle all that follows it.

import { createHash } from 'node:crypto'

export class Random {
  #a: number
  #b: number
  #c: number
  #d = 1

  constructor(...name: readonly (string | number)[]) {
    const seed = createHash('sha256').update(name.join('\n')).digest()
    this.#a = seed.readInt32LE(0)
    this.#b = seed.readInt32LE(4)
    this.#c = seed.readInt32LE(8)
  }

  /** In [0, 1): Chris Doty-Humphrey's sfc32. */
  next = (): number => {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }

  /** A whole number from `from` to `to`, both among them. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  pick<T>(among: readonly [T, ...T[]] | readonly T[]): T {
    const picked = among[Math.floor(this.next() * among.length)]
    if (picked === undefined) throw new Error('there is nothing to pick from')
    return picked
  }

  bytes = (count: number): Buffer => {
    const bytes = Buffer.alloc(count)
    for (let at = 0; at < count; at++) bytes[at] = Math.floor(this.next() * 256)
    return bytes
  }

  uuid = (): string => {
    const bytes = this.bytes(16)
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
    return [...parts, hex.slice(20)].join('-')
  }
}
