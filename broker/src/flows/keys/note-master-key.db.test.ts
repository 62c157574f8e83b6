// What the record says about a changed master key: once, by whichever broker sees it first.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { noteMasterKey } from './note-master-key.ts'

describe.each(engines)('a changed master key on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })

  const note = (sealing?: string) => noteMasterKey(sealing, core.needs)
  const said = async () => (await core.counts())['KEY-002'] ?? 0

  it('is no news at the first look', async () => {
    expect(await note('a'.repeat(32))).toBe(false)
    expect(await said()).toBe(0)
  })
  it('is said once, however often it is looked at', async () => {
    await note('a'.repeat(32))
    expect(await note('b'.repeat(32))).toBe(true)
    expect(await note('b'.repeat(32))).toBe(false)
    expect(await said()).toBe(1)
  })
  it('is said where the folder had no root key before', async () => {
    await note()
    expect(await note('a'.repeat(32))).toBe(true)
  })
  it('is said once by brokers that see it at the same moment', async () => {
    await note('a'.repeat(32))
    const news = await Promise.all([1, 2, 3, 4].map(() => note('b'.repeat(32))))
    expect(news.filter(Boolean)).toHaveLength(1)
    expect(await said()).toBe(1)
  })
})
