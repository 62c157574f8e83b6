// How wrong PINs slow down, case by case and for all cases.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  failuresBeforeLock,
  failuresMax,
  foreverMs,
  lockMsAfter,
  triesLeft,
  workstationLockMsAfter,
} from './pin-lock.ts'

describe('wrong PINs', () => {
  it('wait longer each time, and in the end for ever', () => {
    const waits = Array.from({ length: failuresMax + 1 }, (_, n) => lockMsAfter(n))
    expect(waits.slice(0, failuresBeforeLock)).toEqual([0, 0, 0, 0, 0])
    expect(waits[failuresBeforeLock]).toBe(900_000)
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(waits.at(-1)).toBe(foreverMs)
  })
  it('make a workstation wait a little, never for ever', () => {
    expect(workstationLockMsAfter(14)).toBe(0)
    expect(workstationLockMsAfter(15)).toBe(30_000)
    expect(workstationLockMsAfter(1000)).toBe(300_000)
  })
  it('leave at least one try to whoever is asked', () => {
    fc.assert(
      fc.property(fc.nat(1000), (failures) => {
        expect(triesLeft(failures)).toBeGreaterThanOrEqual(1)
        expect(triesLeft(failures)).toBeLessThanOrEqual(failuresBeforeLock)
      }),
    )
  })
})
