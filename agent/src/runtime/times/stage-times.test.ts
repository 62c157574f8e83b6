// What the marks of a tap say, and what a second try at the PIN does to them.

import { describe, expect, it } from 'vitest'
import { tapId } from '@wardkey/protocol/ids'
import { StageTimes } from './stage-times.ts'

const tap = tapId.parse('4f0c9e1a-2b3c-4d5e-8f60-718293a4b5c6')

function begun(): StageTimes {
  const times = new StageTimes()
  times.begin(tap, 1000)
  return times
}

describe('the time at the PIN pad', () => {
  const typedMs = (times: StageTimes): number => {
    const { 'pin-asked': asked = 0, 'pin-given': given = 0 } = times.marks()
    return given - asked
  }

  it('is from the question to the whole PIN', () => {
    const times = begun()
    times.mark('pin-asked', 1100)
    times.mark('pin-given', 3100)
    expect(times.marks()).toMatchObject({ 'pin-asked': 100, 'pin-given': 2100 })
  })
  it('is of all tries where a PIN did not match, and of none the broker’s check', () => {
    const times = begun()
    times.mark('pin-asked', 1100)
    times.mark('pin-given', 3100)
    times.mark('pin-asked', 3400)
    times.mark('pin-given', 8400)
    times.mark('pin-asked', 8700)
    times.mark('pin-given', 9700)
    expect(typedMs(times)).toBe(2000 + 5000 + 1000)
    expect(times.marks()['pin-given']).toBe(8700)
  })
  it('is not of the tap before', () => {
    const times = begun()
    times.mark('pin-asked', 1100)
    times.mark('pin-given', 3100)
    times.begin(tap, 10_000)
    times.mark('pin-asked', 10_100)
    times.mark('pin-given', 10_600)
    expect(typedMs(times)).toBe(500)
  })
})
