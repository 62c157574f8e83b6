// What a rule remembers, by person or place or badge, and never more than so many of them: whatever
// was touched longest ago is forgotten first. Pure.

export class KeptByKey<Value> {
  readonly #kept = new Map<string, Value>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#kept.size
  }

  get(key: string): Value | undefined {
    return this.#kept.get(key)
  }

  set(key: string, value: Value): void {
    this.#kept.delete(key)
    this.#kept.set(key, value)
    if (this.#kept.size <= this.#max) return
    const [oldest] = this.#kept.keys()
    if (oldest !== undefined) this.#kept.delete(oldest)
  }

  delete(key: string): void {
    this.#kept.delete(key)
  }
}

/** So many people, badges or workstations as a large house has on a day. */
export const keysMax = 20_000
