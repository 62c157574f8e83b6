// A zone's limit without a broker, and when a cut wire is noticed.

import { describe, expect, it } from 'vitest'
import { silenceFor } from './silence.ts'

/** The last word came just after a look; the wire is found to be cut at the first look after. */
const noticedMs = (staleMs: number): number => {
  const { pingEveryMs, maxMs } = silenceFor(staleMs)
  return Math.floor(maxMs / pingEveryMs + 1) * pingEveryMs
}

describe('a broker that says nothing', () => {
  it.each([5000, 8000, 12_000, 20_000, 36_000, 60_000, 3_600_000])(
    'is missed before a zone’s %i ms are over',
    (staleMs) => {
      expect(noticedMs(staleMs)).toBeLessThanOrEqual(staleMs)
    },
  )
  it('is given the usual time where the zone has more', () => {
    expect(silenceFor(60_000)).toEqual({ pingEveryMs: 10_000, maxMs: 25_000 })
    expect(silenceFor()).toEqual(silenceFor(60_000))
  })
  it('is never asked all the time', () => {
    expect(silenceFor(0)).toEqual({ pingEveryMs: 1000, maxMs: 3000 })
  })
})
