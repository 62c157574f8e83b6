// What the record says about the end of the workstation authority: each stage once, nothing while
// the end is far, and anew for another authority.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { noteAuthorityEnd } from './note-authority-end.ts'

const dayMs = 86_400_000
const [first, second] = ['a'.repeat(64), 'b'.repeat(64)]

describe.each(engines)('the end of the workstation authority on $engine', ({ open, isHere }) => {
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

  const note = (daysLeft: number, caSha256 = first) =>
    noteAuthorityEnd({ caSha256, endsMs: core.needs.nowMs() + daysLeft * dayMs }, core.needs)
  const said = async () => (await core.counts())['KEY-005'] ?? 0

  it('is not said while it is far', async () => {
    expect(await note(3650)).toBe(false)
    expect(await note(90.01)).toBe(false)
    expect(await said()).toBe(0)
  })
  it('is said at 90, 30 and 7 days and at the end, each once', async () => {
    for (const days of [90, 89, 60, 30, 29, 8, 7, 1, 0.5, 0, -3, -400]) await note(days)
    expect(await said()).toBe(4)
  })
  it('is not said again by a clock that went back, and begins anew for another', async () => {
    expect(await note(20)).toBe(true)
    expect(await note(80)).toBe(false)
    expect(await note(80, second)).toBe(true)
    expect(await said()).toBe(2)
  })
  it('is said once by brokers that see it at the same moment', async () => {
    const news = await Promise.all([1, 2, 3, 4].map(() => note(12)))
    expect(news.filter(Boolean)).toHaveLength(1)
    expect(await said()).toBe(1)
  })
})
