// How often strangers may knock at a door: every refusal costs us something (a fact in the
// record, a hash, a line), and nobody must be able to make us pay without end. Holds counts,
// reads no clock.

export interface KnockRate {
  /** So many at once … */
  readonly capacity: number
  /** … and one more each time this has passed. */
  readonly refillMs: number
}

/** Addresses remembered at once; the one not seen for longest is forgotten first. */
const addressesMax = 10_000

interface Bucket {
  left: number
  atMs: number
}

export class KnockLimits {
  readonly #perAddress: KnockRate
  readonly #overall: KnockRate
  /** In the order of their last use; written by `take` only. */
  readonly #buckets = new Map<string, Bucket>()
  readonly #all: Bucket

  constructor(perAddress: KnockRate, overall: KnockRate) {
    this.#perAddress = perAddress
    this.#overall = overall
    this.#all = { left: overall.capacity, atMs: 0 }
  }

  /** 0 where the try is granted; otherwise after how many milliseconds there may be one. */
  take(address: string, nowMs: number): number {
    const bucket = this.#buckets.get(address) ?? { left: this.#perAddress.capacity, atMs: nowMs }
    this.#buckets.delete(address)
    this.#buckets.set(address, bucket)
    if (this.#buckets.size > addressesMax) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    refill(bucket, this.#perAddress, nowMs)
    refill(this.#all, this.#overall, nowMs)
    if (bucket.left < 1) return this.#perAddress.refillMs
    if (this.#all.left < 1) return this.#overall.refillMs
    bucket.left -= 1
    this.#all.left -= 1
    return 0
  }
}

function refill(bucket: Bucket, { capacity, refillMs }: KnockRate, nowMs: number): void {
  const grown = Math.max(0, nowMs - bucket.atMs) / refillMs
  bucket.left = Math.min(capacity, bucket.left + grown)
  bucket.atMs = nowMs
}
