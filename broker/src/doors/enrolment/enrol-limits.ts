// How often strangers may try to enrol: every refusal is a fact in the record, and a record must not be
// fillable by whoever reaches the port. Pure but for the state it keeps.

/** A roll-out behind one address goes on; guessing does not (tokens have 256 random bits anyway). */
const perAddress = { capacity: 20, refillMs: 3000 }
const overall = { capacity: 400, refillMs: 150 }
/** Addresses remembered at once; the one not seen for longest is forgotten first. */
const addressesMax = 10_000

interface Bucket {
  left: number
  atMs: number
}

export class EnrolLimits {
  /** In the order of their last use; written by `take` only. */
  readonly #buckets = new Map<string, Bucket>()
  readonly #overall: Bucket = { left: overall.capacity, atMs: 0 }

  /** 0 where the try is granted; otherwise after how many milliseconds there may be one. */
  take(address: string, nowMs: number): number {
    const bucket = this.#buckets.get(address) ?? { left: perAddress.capacity, atMs: nowMs }
    this.#buckets.delete(address)
    this.#buckets.set(address, bucket)
    if (this.#buckets.size > addressesMax) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    refill(bucket, perAddress, nowMs)
    refill(this.#overall, overall, nowMs)
    if (bucket.left < 1) return perAddress.refillMs
    if (this.#overall.left < 1) return overall.refillMs
    bucket.left -= 1
    this.#overall.left -= 1
    return 0
  }
}

function refill(
  bucket: Bucket,
  { capacity, refillMs }: { capacity: number; refillMs: number },
  nowMs: number,
): void {
  const grown = Math.max(0, nowMs - bucket.atMs) / refillMs
  bucket.left = Math.min(capacity, bucket.left + grown)
  bucket.atMs = nowMs
}
