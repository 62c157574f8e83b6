// When the broker is ready and when it is not, on a real store and on one that fails in every way.

import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { makeCountLocks } from '../../flows/count-locks.ts'
import { leave } from '../../flows/leave.ts'
import { noteWrongLock } from '../../flows/note-wrong-lock.ts'
import { makePerform } from '../../flows/perform.ts'
import { Fault } from '../../platform/fault.ts'
import type { Store, Unit } from '../../store/store.ts'
import { registerHealth, registerMetrics } from './health-door.ts'
import { makeMetrics, watch } from './metrics.ts'
import { makeReadiness } from './readiness.ts'
import type { ReadinessNeeds } from './readiness.ts'

describe.each(engines)('being ready on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let monotonicMs: number

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    monotonicMs = 0
  })
  afterEach(async () => {
    vi.useRealTimers()
    if (isHere) await core.close()
  })

  const committing = (commit: Store['commit']): Store => ({
    engine: core.store.engine,
    read: core.store.read,
    waiting: 0,
    commit,
    close: () => Promise.resolve(),
  })
  const readiness = (change: Partial<ReadinessNeeds> = {}) =>
    makeReadiness({
      store: core.store,
      nowMs: () => core.nowMs(),
      monotonicMs: () => monotonicMs,
      sealedSize: () => 0,
      isStopping: () => false,
      ...change,
    })

  it('is so while the store writes and everything old enough is signed', async () => {
    expect(await readiness()()).toEqual({
      isReady: true,
      store: 'ok',
      record: 'ok',
      broker: 'ok',
    })
    await core.addPerson()
    expect(await readiness()()).toMatchObject({ isReady: true })
    core.pass(3001)
    expect(await readiness()()).toMatchObject({ isReady: false, record: 'behind' })
    const { length } = await core.record()
    expect(await readiness({ sealedSize: () => length })()).toMatchObject({ isReady: true })
  })
  it('is not so while it stops', async () => {
    expect(await readiness({ isStopping: () => true })()).toMatchObject({
      isReady: false,
      broker: 'stopping',
    })
  })
  it.each(['store-full', 'store-unavailable', 'store-queue-full'] as const)(
    'is not so after %s, and is again when that is over',
    async (code) => {
      let isBroken = true
      const store = committing((unit: Unit) =>
        isBroken ? Promise.reject(new Fault(code, 'transient')) : core.store.commit(unit),
      )
      const check = readiness({ store })
      expect(await check()).toMatchObject({ isReady: false, store: 'failing' })
      isBroken = false
      monotonicMs += 1000
      expect(await check()).toMatchObject({ isReady: true, store: 'ok' })
    },
  )
  it('is not waited for without end', async () => {
    vi.useFakeTimers()
    const checked = readiness({ store: committing(() => new Promise(() => undefined)) })()
    await vi.advanceTimersByTimeAsync(2000)
    expect(await checked).toMatchObject({ isReady: false, store: 'failing' })
  })
  it('costs one flush a second at most, however often it is asked', async () => {
    let probes = 0
    const store = committing((unit: Unit) => {
      probes += 1
      return core.store.commit(unit)
    })
    const check = readiness({ store })
    await Promise.all(Array.from({ length: 50 }, () => check()))
    expect(probes).toBe(1)
    monotonicMs += 1000
    await check()
    expect(probes).toBe(2)
  })

  it('is told in a status that load balancers read', async () => {
    const fastify = Fastify()
    let isStopping = false
    registerHealth(fastify, readiness({ isStopping: () => isStopping }))
    expect((await fastify.inject('/healthz')).statusCode).toBe(200)
    expect((await fastify.inject('/readyz')).statusCode).toBe(200)
    isStopping = true
    const response = await fastify.inject('/readyz')
    expect(response.statusCode).toBe(503)
    expect(response.json()).toEqual({
      status: 'not-ready',
      store: 'ok',
      record: 'ok',
      broker: 'stopping',
    })
    await fastify.close()
  })
  it('is told what fails beside, and is ready all the same', async () => {
    const fastify = Fastify()
    registerHealth(fastify, readiness(), () => ({ streams: 'failing' }))
    const response = await fastify.inject('/readyz')
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({ status: 'ready', streams: 'failing' })
    await fastify.close()
  })
})

describe('metrics', () => {
  it('count what is durable together, and failures by themselves', async () => {
    const core = await openCore()
    const metrics = makeMetrics()
    let isBroken = false
    const store = metrics.measured({
      engine: 'sqlite',
      read: core.store.read,
      waiting: 0,
      close: () => Promise.resolve(),
      commit: (unit) =>
        isBroken ? Promise.reject(new Fault('store-full', 'transient')) : core.store.commit(unit),
    })
    const unit: Unit = { kind: 'housekeeping', writes: [] }
    await Promise.all(Array.from({ length: 20 }, () => store.commit(unit)))
    isBroken = true
    await expect(store.commit(unit)).rejects.toMatchObject({ code: 'store-full' })
    await new Promise((resolve) => setImmediate(resolve))
    const text = await metrics.registry.metrics()
    expect(text).toMatch(
      /wardkey_commit_seconds_count\{kind="housekeeping",outcome="committed"\} 20/,
    )
    expect(text).toMatch(/wardkey_commit_seconds_count\{kind="housekeeping",outcome="failed"\} 1/)
    expect(text).toMatch(/wardkey_commit_batch_units_sum 20/)
    await core.close()
  })
  it('add up locks, and those that were said to be wrong, by zone and reason', async () => {
    const core = await openCore()
    const metrics = makeMetrics()
    const { db, log } = core.needs
    const { lock: onLock, lockSaidWrong: onSaidWrong } = metrics
    const onRecorded = makeCountLocks({ db, onLock, onSaidWrong })
    const perform = makePerform({ store: core.store, log, notices: () => undefined, onRecorded })
    await core.addZone('4-west')
    await core.addZone('pharmacy')
    const [west, pharmacy] = [
      await core.addWorkstation('4-west'),
      await core.addWorkstation('pharmacy'),
    ]
    const said = { reason: 'idle', atMs: 0 } as const
    const base = () => ({ id: messageId.parse(randomUUID()) })
    for (const here of [west, west, pharmacy]) {
      const sessionId = await core.signIn(here, await core.addPerson())
      const frame = { ...base(), sessionId, ...said }
      await perform(() => leave({ kind: 'leave', ...frame }, here, core.needs))
      // Said twice it locks once; said at another workstation a lock was not wrong.
      await perform(() => leave({ kind: 'leave', ...frame }, here, core.needs))
      await perform(() => noteWrongLock({ kind: 'lock-was-wrong', ...frame }, west, core.needs))
    }
    await perform.idle()
    const text = await metrics.registry.metrics()
    expect(text).toMatch(/^wardkey_locks_total\{zone="4-west",reason="idle"\} 2$/m)
    expect(text).toMatch(/^wardkey_locks_total\{zone="pharmacy",reason="idle"\} 1$/m)
    expect(text).toMatch(/^wardkey_locks_said_wrong_total\{zone="4-west",reason="idle"\} 2$/m)
    expect(text).not.toMatch(/said_wrong_total\{zone="pharmacy"/)
    await core.close()
  })
  it('read what is watched when they are asked, not before', async () => {
    const metrics = makeMetrics()
    const now = { connections: 3, age: 500 as number | undefined }
    watch(metrics, {
      connections: () => now.connections,
      storeWaiting: () => 0,
      pinsWaiting: () => 0,
      reviews: () => ({ open: 2, overdue: 1 }),
      complianceWaiting: () => 0,
      exceptions: () => ({ standing: 4, longestMs: 5000 }),
      recordSize: () => 12,
      witnessBehind: () => 7,
      checkpointAgeMs: () => now.age,
    })
    metrics.witnessShown('shelf', 'failed')
    const fastify = Fastify()
    registerMetrics(fastify, metrics.registry)
    const first = (await fastify.inject('/metrics')).body
    expect(first).toMatch(/^wardkey_connections 3$/m)
    expect(first).toMatch(/^wardkey_witness_behind_facts 7$/m)
    expect(first).toContain('wardkey_witness_total{witness="shelf",outcome="failed"} 1')
    expect(first).toMatch(/^wardkey_checkpoint_age_seconds 0\.5$/m)
    now.connections = 4
    now.age = undefined
    const second = (await fastify.inject('/metrics')).body
    expect(second).toMatch(/^wardkey_connections 4$/m)
    expect(second).toMatch(/^wardkey_checkpoint_age_seconds 0$/m)
    await fastify.close()
  })
})
