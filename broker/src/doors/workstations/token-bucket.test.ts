// A bucket lets through what it may and no more, whatever the clock does.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fullBucket, takeToken } from './token-bucket.ts'
import type { Bucket } from './token-bucket.ts'

const rate = { capacity: 5, perSecond: 2 }

function takeAll(timesMs: readonly number[]): number {
  let bucket: Bucket = fullBucket(rate, timesMs[0] ?? 0)
  let taken = 0
  for (const atMs of timesMs) {
    const next = takeToken(bucket, rate, atMs)
    if (!next) continue
    bucket = next
    taken += 1
  }
  return taken
}

it('gives its whole capacity at once, and then at its pace', () => {
  expect(takeAll([0, 0, 0, 0, 0, 0, 0])).toBe(5)
  expect(takeAll([0, 0, 0, 0, 0, 500, 500, 1000])).toBe(7)
})

it('never gives more than capacity and pace together, even when the clock goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 100 }), (timesMs) => {
      let forward = 0
      let last = timesMs[0] ?? 0
      for (const atMs of timesMs) {
        forward += Math.max(0, atMs - last)
        last = atMs
      }
      expect(takeAll(timesMs)).toBeLessThanOrEqual(5 + (forward / 1000) * 2)
    }),
  )
})
