// How often strangers may knock.

import { expect, it } from 'vitest'
import { KnockLimits } from './knock-limits.ts'

const limitsOf = (): KnockLimits =>
  new KnockLimits({ capacity: 20, refillMs: 3000 }, { capacity: 400, refillMs: 150 })

function granted(limits: KnockLimits, address: string, tries: number, nowMs: number): number {
  return Array.from({ length: tries }, () => limits.take(address, nowMs)).filter((ms) => ms === 0)
    .length
}

it('lets a burst through, then one now and then', () => {
  const limits = limitsOf()
  expect(granted(limits, 'a', 50, 0)).toBe(20)
  expect(limits.take('a', 2000)).toBeGreaterThan(0)
  expect(granted(limits, 'a', 50, 5999)).toBe(1)
})
it('does not let one address use up another’s', () => {
  const limits = limitsOf()
  granted(limits, 'a', 50, 0)
  expect(granted(limits, 'b', 50, 0)).toBe(20)
})
it('has an end for all addresses together', () => {
  const limits = limitsOf()
  const all = Array.from({ length: 1000 }, (_, n) => granted(limits, `a${String(n)}`, 1, 0))
  expect(all.reduce((sum, n) => sum + n)).toBe(400)
})
it('gives nothing back when the clock goes back', () => {
  const limits = limitsOf()
  granted(limits, 'a', 20, 60_000)
  expect(granted(limits, 'a', 5, 0)).toBe(0)
})
