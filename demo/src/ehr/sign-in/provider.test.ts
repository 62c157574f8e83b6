// Holds that the provider is looked for until it answers, and that waiting for it has an end.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { searchProvider, type Provider } from './provider.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const provider = { algorithms: [] } as unknown as Provider

function failingTimes(times: number): { attempt: () => Promise<Provider>; count: () => number } {
  let attempts = 0
  return {
    count: () => attempts,
    attempt: () => {
      attempts += 1
      return attempts <= times ? Promise.reject(new Error('not up')) : Promise.resolve(provider)
    },
  }
}

describe('searchProvider', () => {
  it('goes on after failures and wakes who waits', async () => {
    const { attempt, count } = failingTimes(3)
    const search = searchProvider(attempt, silentLog, () => 0.5)
    const waited = search.within(10_000)
    await vi.advanceTimersByTimeAsync(5000)
    expect(await waited).toBe(provider)
    expect(search.now()).toBe(provider)
    expect(count()).toBe(4)
  })

  it('waits longer each time, but never more than seconds', async () => {
    const { attempt, count } = failingTimes(1000)
    const search = searchProvider(attempt, silentLog, () => 1)
    await vi.advanceTimersByTimeAsync(60_000)
    const afterAMinute = count()
    expect(afterAMinute).toBeGreaterThan(10)
    expect(afterAMinute).toBeLessThan(30)
    await vi.advanceTimersByTimeAsync(6000)
    expect(count()).toBeGreaterThan(afterAMinute)
    search.close()
  })

  it('gives up waiting, not looking, at the deadline', async () => {
    const { attempt } = failingTimes(1000)
    const search = searchProvider(attempt, silentLog, () => 1)
    const waited = search.within(2000)
    await vi.advanceTimersByTimeAsync(2000)
    expect(await waited).toBeUndefined()
    search.close()
  })

  it('looks no more once closed, and lets go who waits', async () => {
    const { attempt, count } = failingTimes(1000)
    const search = searchProvider(attempt, silentLog, () => 1)
    const waited = search.within(60_000)
    search.close()
    expect(await waited).toBeUndefined()
    const before = count()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(count()).toBe(before)
  })
})
