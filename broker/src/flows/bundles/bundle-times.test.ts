// Promise 4 at a cut-off workstation, as arithmetic: whoever is revoked is out within the zone's
// limit, whenever the cut comes and however the bundles were made.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expiryOf, renewalOf } from './bundle-times.ts'

const hour = 3_600_000
const ms = fc.integer({ min: 0, max: 100 * hour })

describe('a bundle', () => {
  it('is never good for longer than the zone’s limit after what it says', () => {
    expect(expiryOf(1000, 8 * hour)).toBe(1000 + 8 * hour)
    expect(expiryOf(1000, 0)).toBe(1000)
  })
  it('lets nobody in at or after her revocation and the limit', () => {
    fc.assert(
      fc.property(fc.array(ms, { minLength: 1 }), ms, ms, ms, (asOf, limit, revokedAt, cutAt) => {
        // Of the bundles that reached it before the cut, those that do not know of the revocation.
        const blind = asOf.filter((at) => at <= cutAt && at <= revokedAt)
        for (const at of blind) {
          expect(expiryOf(at, limit)).toBeLessThanOrEqual(revokedAt + limit)
        }
      }),
    )
  })
  it('is made anew while at least half of its life is left', () => {
    fc.assert(
      fc.property(ms, ms, fc.double({ min: 0, max: 1, noNaN: true }), (issuedMs, life, spread) => {
        const bundle = { issuedMs, expiresMs: issuedMs + life }
        const at = renewalOf(bundle, spread)
        expect(at).toBeGreaterThanOrEqual(issuedMs)
        expect(bundle.expiresMs - at).toBeGreaterThanOrEqual(Math.floor(life / 2))
      }),
    )
  })
  it('of a thousand workstations is not made anew at one moment', () => {
    const bundle = { issuedMs: 0, expiresMs: 8 * hour }
    const spreads = Array.from({ length: 256 }, (_, n) => renewalOf(bundle, n / 256))
    expect(new Set(spreads).size).toBe(256)
    expect(Math.max(...spreads) - Math.min(...spreads)).toBeGreaterThan(0.7 * hour)
  })
})
