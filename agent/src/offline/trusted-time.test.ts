// A clock that can be set by hand says no more than what can be known by it.

import { describe, expect, it } from 'vitest'
import { HandClock } from '../../../test/kit/hand-clock.ts'
import { TrustedTime } from './trusted-time.ts'

const nothing = { highestMs: 0, offsetMs: 0 }
const minuteMs = 60_000

describe('the time without a broker', () => {
  it('is the broker’s, as it was last told, however wrong the wall’s is', async () => {
    const clock = new HandClock()
    const time = new TrustedTime(clock, nothing)
    time.told(clock.wallMs() + 7 * minuteMs)
    await clock.advance(minuteMs)
    expect(time.nowMs()).toBe(clock.wallMs() + 7 * minuteMs)
    expect(time.isDoubtful).toBe(false)
    expect(new TrustedTime(clock, time.kept).nowMs()).toBe(time.nowMs())
  })
  it('is no earlier than what a broker has signed, and no later for it', () => {
    const clock = new HandClock()
    const time = new TrustedTime(clock, nothing)
    const before = time.nowMs()
    time.atLeast(before - minuteMs)
    expect(time.nowMs()).toBe(before)
    time.atLeast(before + minuteMs)
    expect(time.nowMs()).toBe(before + minuteMs)
  })
  it('goes on by the wall through a sleep, in which the even clock stands still', () => {
    const clock = new HandClock()
    const time = new TrustedTime(clock, nothing)
    const before = time.nowMs()
    clock.setWall(30 * minuteMs)
    expect(time.nowMs()).toBe(before + 30 * minuteMs)
    expect(time.isDoubtful).toBe(false)
  })
  it('is in doubt from the moment the wall’s clock goes back, and never goes back itself', async () => {
    const clock = new HandClock()
    const time = new TrustedTime(clock, nothing)
    const before = time.nowMs()
    clock.setWall(-10 * minuteMs)
    expect(time.isDoubtful).toBe(true)
    await clock.advance(minuteMs)
    expect(time.nowMs()).toBe(before + minuteMs)
    clock.setWall(20 * minuteMs)
    expect(time.isDoubtful).toBe(true)
    time.told(before)
    expect(time.isDoubtful).toBe(false)
    expect(time.nowMs()).toBe(before)
  })
  it('is in doubt after a restart that found an earlier time than was known', () => {
    const clock = new HandClock()
    const kept = new TrustedTime(clock, nothing).kept
    clock.setWall(-minuteMs)
    expect(new TrustedTime(clock, kept).isDoubtful).toBe(true)
    clock.setWall(2 * minuteMs)
    expect(new TrustedTime(clock, kept).isDoubtful).toBe(false)
  })
  it('is not in doubt by clocks that drift from each other for a day', async () => {
    const clock = new HandClock()
    const time = new TrustedTime(clock, nothing)
    for (let minute = 0; minute < 24 * 60; minute++) {
      await clock.advance(minuteMs)
      clock.setWall(-3)
      time.nowMs()
    }
    expect(time.isDoubtful).toBe(false)
  })
})
