// Which entries of a record are gone, and which of them a purge covers: a bit each, so that ten
// million cost little more than a megabyte. Pure.

const bitsOf = 8

export class GoneSet {
  #bits = Buffer.alloc(1024)
  #count = 0
  #open = 0

  get count(): number {
    return this.#count
  }

  add(index: number): void {
    const at = Math.floor(index / bitsOf)
    if (at >= this.#bits.length) {
      const grown = Buffer.alloc(Math.max(at + 1, this.#bits.length * 2))
      this.#bits.copy(grown)
      this.#bits = grown
    }
    const bit = 1 << (index % bitsOf)
    const was = this.#bits[at] ?? 0
    if ((was & bit) !== 0) return
    this.#bits[at] = was | bit
    this.#count += 1
    this.#open += 1
  }

  /** False of one that is not gone, or is covered already: it may have been read before it went. */
  cover(index: number): boolean {
    const at = Math.floor(index / bitsOf)
    const was = this.#bits[at] ?? 0
    const bit = 1 << (index % bitsOf)
    if ((was & bit) === 0) return false
    this.#bits[at] = was & ~bit
    this.#open -= 1
    return true
  }

  /** The first that nothing covers. */
  firstOpen(): number | undefined {
    if (this.#open === 0) return undefined
    const at = this.#bits.findIndex((bits) => bits !== 0)
    const bits = this.#bits[at] ?? 0
    return at * bitsOf + Math.log2(bits & -bits)
  }
}
