// Locks by zone and reason on both stores: what the record has of them in some time, within a limit,
// and nobody's name.

import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { locksShown } from '@wardkey/protocol/admin/speed/locks'
import { messageId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import type { Fact } from '../../../audit/fact.ts'
import { newFact } from '../../../flows/flow-needs.ts'
import { leave } from '../../../flows/leave.ts'
import { noteWrongLock } from '../../../flows/note-wrong-lock.ts'
import { readLocks } from '../../../flows/speed/read-locks.ts'

const hourMs = 3_600_000

describe.each(engines)('locks by zone on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let west: WorkstationId
  let pharmacy: WorkstationId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    await core.addZone('pharmacy')
    west = await core.addWorkstation('4-west')
    pharmacy = await core.addWorkstation('pharmacy')
    fastify = await openAdminDoor(core)
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  async function lock(here: WorkstationId, reason: 'idle' | 'card-removed', isWrong = false) {
    const sessionId = await core.signIn(here, await core.addPerson())
    const said = () => ({ id: messageId.parse(randomUUID()), sessionId, reason, atMs: 0 }) as const
    const { needs } = core
    await needs.perform(() => leave({ kind: 'leave', ...said() }, here, needs))
    if (!isWrong) return
    await needs.perform(() => noteWrongLock({ kind: 'lock-was-wrong', ...said() }, here, needs))
  }
  const lately = () => ({ fromMs: core.nowMs() - hourMs, toMs: core.nowMs() + 1 })
  const ask = async (query: string, ...scopes: Scope[]) => {
    const authorization = `Bearer ${await adminTokenFor(core, scopes, `${query} ${scopes.join()}`)}`
    return fastify.inject({ url: `${adminPath}/locks${query}`, headers: { authorization } })
  }
  const queryOf = ({ fromMs, toMs }: { fromMs: number; toMs: number }): string =>
    `?fromMs=${String(fromMs)}&toMs=${String(toMs)}`

  it('are added up by zone and reason, with those that were said to be wrong', async () => {
    await lock(west, 'idle', true)
    await lock(west, 'idle')
    await lock(west, 'card-removed')
    await lock(pharmacy, 'idle')
    const response = await ask(queryOf(lately()), 'workstations:read')
    expect(locksShown.parse(response.json())).toMatchObject({
      ...lately(),
      counts: [
        { zoneId: '4-west', reason: 'idle', locks: 2, saidWrong: 1 },
        { zoneId: '4-west', reason: 'card-removed', locks: 1, saidWrong: 0 },
        { zoneId: 'pharmacy', reason: 'idle', locks: 1, saidWrong: 0 },
      ],
    })
    expect(response.body).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
  })
  it('are those of the time that was asked for, and none where nothing was', async () => {
    expect((await readLocks(lately(), core.store)).counts).toEqual([])
    await lock(west, 'idle')
    core.pass(3 * hourMs)
    expect((await readLocks(lately(), core.store)).counts).toEqual([])
    await lock(pharmacy, 'idle', true)
    expect((await readLocks(lately(), core.store)).counts).toMatchObject([{ zoneId: 'pharmacy' }])
    const before = { fromMs: core.nowMs() - 4 * hourMs, toMs: core.nowMs() - 2 * hourMs }
    expect((await readLocks(before, core.store)).counts).toMatchObject([{ zoneId: '4-west' }])
  })
  it('are counted in pieces of any size alike', async () => {
    for (let time = 0; time < 4; time += 1) await lock(west, 'idle', time % 2 === 0)
    const whole = await readLocks(lately(), core.store)
    for (const piece of [1, 2, 7]) {
      expect(await readLocks(lately(), core.store, { piece, facts: 10_000 })).toEqual(whole)
    }
    expect(whole.counts).toEqual([{ zoneId: '4-west', reason: 'idle', locks: 4, saidWrong: 2 }])
  })
  it('have the reason that the fact says, whatever else stands in it, or none', async () => {
    const { needs } = core
    const fields: Fact['fields'][] = [
      { reason: 'idle', toldMs: 12, atMs: 3 },
      { late: 'idle', reason: 'card-removed' },
      { by: 'a \\"reason\\":\\"idle\\" of her own', reason: 'desktop-locked' },
      { by: 'token "reason":"idle"' },
      {},
      undefined,
    ]
    const facts = fields.flatMap((some): Fact[] => [
      newFact(needs, 'SES-003', { workstation: west, ...(some && { fields: some }) }),
      newFact(needs, 'SES-001', { workstation: west, ...(some && { fields: some }) }),
    ])
    const [first, ...rest] = facts
    if (!first) throw new Error('there are some')
    const flow = { answer: {}, facts: [first, ...rest] as const, writes: [], notices: [] }
    await needs.perform(() => Promise.resolve(flow))
    const { counts } = await readLocks(lately(), core.store)
    expect(Object.fromEntries(counts.map(({ reason, locks }) => [reason, locks]))).toEqual({
      ...{ idle: 1, 'card-removed': 1, 'desktop-locked': 1, none: 3 },
    })
  })
  it('say since when they were counted where the record has more', async () => {
    await lock(west, 'idle')
    core.pass(hourMs / 2)
    await lock(pharmacy, 'idle')
    const cut = await readLocks(lately(), core.store, { piece: 2, facts: 3 })
    expect(cut.fromMs).toBeGreaterThan(lately().fromMs)
    expect(cut.counts).toMatchObject([{ zoneId: 'pharmacy' }])
  })
  it.each([
    ['without both times', () => ''],
    ['backward', () => queryOf({ fromMs: 5, toMs: 4 })],
    ['of more than 31 days', () => queryOf({ fromMs: 0, toMs: 32 * 24 * hourMs })],
    ['of a time that is none', () => '?fromMs=x&toMs=y'],
  ])('are not given out %s', async (_what, query) => {
    expect((await ask(query(), 'workstations:read')).statusCode).toBe(400)
  })
  it('are for whoever sees workstations, and for nobody else', async () => {
    for (const scope of ['people:read', 'record:read', 'house:read', 'policy:read'] as const) {
      expect((await ask(queryOf(lately()), scope)).statusCode, scope).toBe(403)
    }
  })
})
