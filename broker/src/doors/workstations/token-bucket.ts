// How fast somebody may go: a bucket of tokens that fills by itself. Pure; two numbers a
// connection, no timers.

export interface Bucket {
  readonly tokens: number
  readonly atMs: number
}

export interface Rate {
  readonly capacity: number
  readonly perSecond: number
}

export function fullBucket(rate: Rate, nowMs: number): Bucket {
  return { tokens: rate.capacity, atMs: nowMs }
}

/**
 * The bucket with one token less, or nothing where it is empty. A clock that goes back fills
 * nothing.
 */
export function takeToken(bucket: Bucket, rate: Rate, nowMs: number): Bucket | undefined {
  const passedMs = Math.max(0, nowMs - bucket.atMs)
  const tokens = Math.min(rate.capacity, bucket.tokens + (passedMs / 1000) * rate.perSecond)
  return tokens < 1 ? undefined : { tokens: tokens - 1, atMs: nowMs }
}
