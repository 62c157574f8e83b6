// The peppers of PINs: what goes with one person's verifier says nothing of anybody else's.

import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { personId } from '@wardkey/protocol/ids'
import { pepperedPin, personalPepper } from './pin-pepper.ts'

const site = Buffer.alloc(32, 7)
const anna = personId.parse('018f3c1e-0000-7000-8000-000000000001')
const boris = personId.parse('018f3c1e-0000-7000-8000-000000000002')

describe('a person’s own pepper', () => {
  it('is one that a workstation can compute her peppered PIN from, and nothing else', () => {
    const own = personalPepper(site, anna)
    const there = createHmac('sha256', own).update('48261739').digest('base64url')
    expect(pepperedPin(site, 2, anna, '48261739')).toBe(there)
  })
  it('differs from person to person and from site to site', () => {
    const all = [
      personalPepper(site, anna),
      personalPepper(site, boris),
      personalPepper(Buffer.alloc(32, 8), anna),
      site,
    ]
    expect(new Set(all.map((one) => one.toString('hex'))).size).toBe(4)
    expect(all[0]).toHaveLength(32)
  })
  it('makes one PIN of two people two things, as the site’s pepper did not', () => {
    expect(pepperedPin(site, 2, anna, '48261739')).not.toBe(pepperedPin(site, 2, boris, '48261739'))
    expect(pepperedPin(site, 1, anna, '48261739')).toBe(pepperedPin(site, 1, boris, '48261739'))
  })
})
