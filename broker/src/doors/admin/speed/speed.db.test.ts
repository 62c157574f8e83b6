// Speed on both stores: what workstations claim and brokers measure is added up by hour, zone and
// release; it names nobody, writes nothing for a tap, and has bounds.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { speedKeptMs, speedShown } from '@wardkey/protocol/admin/speed/speed'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore, silentLog } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { usualHouse } from '../../../../../test/kit/usual-house.ts'
import { newFact } from '../../../flows/flow-needs.ts'
import { makeHouse } from '../../../flows/house-book.ts'
import { makePerform } from '../../../flows/perform.ts'
import { askSpeed } from '../../../flows/speed/ask-speed.ts'
import { SpeedBook } from '../../../flows/speed/speed-book.ts'
import { tapIn } from '../../../flows/tap-in.ts'

const hourMs = 3_600_000

describe.each(engines)('speed on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let book: SpeedBook

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    await core.addZone('icu')
    book = bookOf('a')
    fastify = await openAdminDoor(core, { keepSpeed: () => book.keep() })
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const bookOf = (origin: string, release = '0.1.0'): SpeedBook =>
    new SpeedBook({ store: core.store, nowMs: () => core.nowMs(), origin, release })
  const ask = async (query: string, ...scopes: Scope[]) => {
    const authorization = `Bearer ${await adminTokenFor(core, scopes, `${query} ${scopes.join()}`)}`
    return fastify.inject({ url: `${adminPath}/speed${query}`, headers: { authorization } })
  }
  const lately = (): string =>
    `?fromMs=${String(core.nowMs() - 24 * hourMs)}&toMs=${String(core.nowMs() + 1)}`
  const shown = async () => speedShown.parse((await ask(lately(), 'workstations:read')).json())
  const rows = () => core.store.read.selectFrom('stage_time').selectAll().execute()
  const chart = (screenMs: number) => ({
    ...{ read: 20, reader: 22, broker: 60 },
    ...{
      'context-created': 60 + screenMs,
      'dom-ready': 60 + screenMs,
      'first-paint': 90 + screenMs,
    },
  })
  const launches = (agentVersion: string, screenMs: number, count = 50, zoneId = '4-west') => {
    for (let at = 0; at < count; at += 1) {
      book.launched({ zoneId, agentVersion, stagesMs: chart(screenMs) })
    }
  }

  it('leaves the thread to taps after each piece that is read', async () => {
    let turns = 0
    let next = setImmediate(function turn() {
      turns += 1
      next = setImmediate(turn)
    })
    await askSpeed({ fromMs: core.nowMs() - 31 * 24 * hourMs, toMs: core.nowMs() }, core.needs)
    clearImmediate(next)
    expect(turns).toBeGreaterThanOrEqual(31 * 4)
  })
  it('is shown by ward and by release, and an update that made it slower is said', async () => {
    launches('0.1.0', 40)
    core.pass(hourMs)
    launches('0.2.0', 90)
    launches('0.2.0', 30, 3, 'icu')
    const { byZone, byRelease, slower } = await shown()
    const west = byZone.filter(({ zoneId }) => zoneId === '4-west')
    expect(west.map(({ stage }) => stage)).toEqual([
      ...['reader', 'agent', 'broker', 'screen', 'sign-in', 'first-paint', 'total'],
    ])
    expect(west.every(({ count }) => count === 100)).toBe(true)
    expect(
      byRelease.filter(({ stage, part }) => stage === 'screen' && part === 'agent'),
    ).toHaveLength(3)
    expect(slower).toMatchObject([
      { zoneId: '4-west', part: 'agent', release: '0.2.0', before: '0.1.0', stage: 'screen' },
      { zoneId: '4-west', part: 'agent', release: '0.2.0', stage: 'total' },
    ])
  })
  it('has policy and flush of the broker, from a tap as it is answered', async () => {
    const here = await core.addWorkstation('icu')
    const rosa = await core.addPerson({ given: 'Rosa', family: 'Santos' })
    const onJudged = book.judged.bind(book)
    const { calendar } = usualHouse
    const house = makeHouse({ db: core.store.read, calendar, log: silentLog, onJudged })
    const onFlushed = book.flushed.bind(book)
    const perform = makePerform({
      ...{ store: core.store, log: silentLog, notices: () => undefined, onFlushed },
    })
    const tap = { tapId: core.newTapId(), workstationId: here, card: rosa.card }
    await perform((look) => tapIn(tap, look, { ...core.needs, house }))
    const { byZone } = await shown()
    expect(byZone).toMatchObject([
      { zoneId: 'icu', stage: 'policy', count: 1 },
      { zoneId: 'icu', stage: 'flush', count: 1 },
    ])
    const kept = JSON.stringify(await rows())
    for (const hers of [rosa.personId, rosa.badgeId, here, tap.tapId]) {
      expect(kept).not.toContain(hers)
    }
  })
  it('counts nothing of what is about no tap at a place', async () => {
    book.flushed([newFact(core.needs, 'ADM-001', { fields: {} })], 5)
    book.launched({ zoneId: '', agentVersion: '0.1.0', stagesMs: chart(1) })
    await book.keep()
    expect(await rows()).toEqual([])
  })
  it('writes one row for many taps, over its own and nobody else’s', async () => {
    launches('0.1.0', 40, 500)
    await book.keep()
    launches('0.1.0', 40, 500)
    await book.keep()
    await book.keep()
    expect(await rows()).toHaveLength(1)
    const other = bookOf('b')
    other.launched({ zoneId: '4-west', agentVersion: '0.1.0', stagesMs: chart(40) })
    await other.keep()
    expect(await rows()).toHaveLength(2)
    const { byZone } = await shown()
    expect(byZone.find(({ stage }) => stage === 'total')?.count).toBe(1001)
  })
  it('tells apart no more releases than there can be, whatever workstations say', async () => {
    for (let at = 0; at < 200; at += 1) launches(`9.9.${String(at)}`, 40, 1)
    launches('<script>', 40, 1)
    launches('a\nb', 40, 1)
    await book.keep()
    const kept = await rows()
    expect(kept.length).toBeLessThanOrEqual(17)
    expect(kept.map(({ agent }) => agent)).toContain('other')
    expect((await shown()).byZone.find(({ stage }) => stage === 'total')?.count).toBe(202)
  })
  it('keeps with the next what could not be kept', async () => {
    const store = {
      ...core.store,
      read: core.store.read,
      commit: () => Promise.reject(new Error()),
    }
    const failing = new SpeedBook({
      ...{ store: { ...store, waiting: 0 }, nowMs: () => core.nowMs(), origin: 'c' },
      release: '0.1.0',
    })
    failing.launched({ zoneId: 'icu', agentVersion: '0.1.0', stagesMs: chart(1) })
    await expect(failing.keep()).rejects.toThrow()
    await expect(failing.keep()).rejects.toThrow()
  })
  it('forgets what is older than anybody compares', async () => {
    launches('0.1.0', 40, 1)
    await book.keep()
    core.pass(speedKeptMs - 2 * hourMs)
    await book.sweep()
    expect(await rows()).toHaveLength(1)
    core.pass(4 * hourMs)
    await book.sweep()
    expect(await rows()).toEqual([])
  })
  it.each([
    ['without times', ''],
    ['with times in the wrong order', '?fromMs=20&toMs=10'],
    ['for longer than 31 days', `?fromMs=0&toMs=${String(32 * 86_400_000)}`],
    ['for a person', '?fromMs=1&toMs=2&personId=x'],
  ])('is not understood %s', async (_what, query) => {
    expect((await ask(query, 'workstations:read')).statusCode).toBe(400)
  })
  it('is not shown to whoever may not see workstations', async () => {
    expect((await ask(lately(), 'people:read', 'record:read')).statusCode).toBe(403)
  })
})
