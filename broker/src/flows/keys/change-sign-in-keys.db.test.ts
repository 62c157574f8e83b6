// Sign-in keys of several brokers on one database: one of them makes the next, all show it, and the
// order is carried out once.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { keepSignInKeys } from './change-sign-in-keys.ts'
import { shownAt } from './sign-in-schedule.ts'

const dayMs = 86_400_000
const times = { shownMs: dayMs, keepMs: dayMs / 2, periodMs: 90 * dayMs }

describe.each(engines)('sign-in keys on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let made: string[]
  let passedMs: number
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    made = []
    passedMs = 0
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })

  const nowMs = (): number => core.needs.nowMs() + passedMs
  const keep = (order?: { id: string; reason: 'scheduled' | 'compromised' }) =>
    keepSignInKeys(order, {
      ...{ ...core.needs, nowMs, times },
      newGeneration: () => String(made.length + 1).padStart(16, '0'),
      makeKeys: (generation) => {
        made.push(generation)
        return Promise.resolve()
      },
    })
  const said = async () => (await core.counts())['KEY-004'] ?? 0
  const shown = async () => shownAt(await keep(), nowMs()).map(({ id }) => id)
  const order = (letter: string, reason: 'scheduled' | 'compromised' = 'scheduled') => ({
    id: letter.repeat(16),
    reason,
  })

  it('begin with the first, and nobody is told', async () => {
    expect(await shown()).toEqual(['first'])
    expect(await said()).toBe(0)
  })
  it('change by the period, once, and by themselves ever after', async () => {
    await keep()
    passedMs = 89 * dayMs
    const [next = ''] = (await shown()).slice(1)
    expect(made).toEqual([next])
    passedMs = 90 * dayMs
    expect(await shown()).toEqual([next, 'first'])
    passedMs = 91 * dayMs
    expect(await shown()).toEqual([next])
    passedMs = 179 * dayMs
    expect(await shown()).toHaveLength(2)
    expect(await said()).toBe(2)
  })
  it('change by an order once, however often it is seen', async () => {
    await keep()
    await keep(order('a'))
    await keep(order('a'))
    expect(made).toHaveLength(1)
    expect(await shown()).toHaveLength(2)
    await keep(order('b'))
    expect(made).toHaveLength(1)
    await keep(order('c', 'compromised'))
    expect(made).toHaveLength(2)
    passedMs = 60_000
    expect(await shown()).toEqual([made[1]])
  })
  it('are made by one of several brokers that see the order together', async () => {
    await keep()
    await Promise.all([1, 2, 3, 4].map(() => keep(order('a'))))
    expect(await said()).toBe(1)
    const ids = await shown()
    expect(ids).toHaveLength(2)
    expect(made).toContain(ids[1])
  })
  it('are not named where they could not be made', async () => {
    await keep()
    const failing = keepSignInKeys(order('a'), {
      ...{ ...core.needs, times },
      newGeneration: () => 'd'.repeat(16),
      makeKeys: () => Promise.reject(new Error('the disk is full')),
    })
    await expect(failing).rejects.toThrow('full')
    expect(await shown()).toEqual(['first'])
  })
})
