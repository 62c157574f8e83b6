// Who is where now, and locking a screen from the console, on both stores: who may see what, which
// looks are facts, and that a lock reaches the screen and takes nothing from an emergency.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { houseNow } from '@wardkey/protocol/console/house'
import type { HouseNow, WorkstationNow } from '@wardkey/protocol/console/house'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { lookLastsMs } from '../../../flows/lasting-looks.ts'
import { Fault } from '../../../platform/fault.ts'
import type { AdminNeeds } from '../admin-needs.ts'

const nobody = '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55'

describe.each(engines)('the house on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let here: WorkstationId
  let rosa: KitPerson
  let monotonicMs: number

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    monotonicMs = 0
    await core.addZone('4-west', { offlineMaxMs: 0 })
    here = await core.addWorkstation('4-west')
    rosa = await core.addPerson({ given: 'Rosa', family: 'Santos' })
    fastify = await door()
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const door = (change: Partial<AdminNeeds> = {}): Promise<FastifyInstance> =>
    openAdminDoor(core, { monotonicMs: () => monotonicMs, ...change })
  const bearer = async (...scopes: Scope[]): Promise<string> =>
    `Bearer ${await adminTokenFor(core, scopes, scopes.join('+'))}`
  async function look(authorization: string): Promise<{ text: string; house: HouseNow }> {
    const response = await fastify.inject({ url: `${adminPath}/house`, headers: { authorization } })
    expect(response.statusCode, response.body).toBe(200)
    return { text: response.body, house: houseNow.parse(response.json()) }
  }
  const lock = (authorization: string, payload: object, key?: string) =>
    fastify.inject({
      method: 'POST',
      url: `${adminPath}/house/locks`,
      headers: { authorization, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      payload,
    })
  const at = (house: HouseNow, id: WorkstationId): WorkstationNow => {
    const found = house.zones.flatMap((zone) => zone.workstations)
    const one = found.find(({ workstationId }) => workstationId === id)
    if (!one) throw new Error('the house has no such workstation')
    return one
  }
  const counted = async (code: string): Promise<number> => (await core.counts())[code] ?? 0
  const facts = async (code: string) => (await core.record()).filter((fact) => fact.code === code)
  const told = () =>
    core.notices.flatMap((one) =>
      one.kind === 'to-workstation' && one.frame.kind === 'lock' ? [one.workstationId] : [],
    )

  describe('is shown', () => {
    it('with who is where, and what speaks for it', async () => {
      const session = await core.signIn(here, rosa)
      const { house } = await look(await bearer('presence:read'))
      expect(house.zones).toMatchObject([{ zoneId: '4-west', mode: 'normal', label: '4-west' }])
      expect(at(house, here)).toMatchObject({
        state: 'open',
        sinceMs: core.nowMs(),
        sessions: [
          {
            sessionId: session,
            personId: rosa.personId,
            name: { given: 'Rosa', family: 'Santos' },
            state: 'open',
            presence: [{ kind: 'tap', confidence: 95, fromMs: core.nowMs() }],
          },
        ],
      })
    })
    it('without names, ids of hers or presence to who may see states alone', async () => {
      const session = await core.signIn(here, rosa)
      const token = await bearer('house:read')
      const { house, text } = await look(token)
      expect(text).not.toMatch(new RegExp(`Rosa|Santos|${rosa.personId}|${session}`))
      // A page that looks again knows it for the same.
      expect(at((await look(token)).house, here)).toEqual(at(house, here))
      expect(at(house, here)).toMatchObject({ state: 'open', sessions: [{ presence: [] }] })
      expect(await counted('ADM-005')).toBe(0)
    })
    it('with the open session first, those that wait after it, and no name that was forgotten', async () => {
      const anna = await core.addPerson({ given: 'Anna', family: 'Weber' })
      await core.signIn(here, rosa)
      core.pass(1000)
      await core.signIn(here, anna)
      const key = core.needs.personKeys.destroy(rosa.personId, core.nowMs())
      await core.store.commit({ kind: 'housekeeping', writes: [key] })
      const { house, text } = await look(await bearer('presence:read'))
      expect(at(house, here).sessions).toMatchObject([
        { personId: anna.personId, state: 'open' },
        { personId: rosa.personId, state: 'locked', presence: [] },
      ])
      expect(text).not.toContain('Santos')
    })
    it('with an emergency marked, until when', async () => {
      await core.addZone('pharmacy', { roles: ['pharmacist'] })
      const there = await core.addWorkstation('pharmacy')
      await breakGlass(there)
      const { house } = await look(await bearer('house:read'))
      const [session] = at(house, there).sessions
      expect(session?.emergency?.untilMs).toBeGreaterThan(core.nowMs())
      // Which one it is, is for who may see emergencies.
      const [row] = await core.needs.db.selectFrom('emergency_grant').select('id').execute()
      const { text } = await look(await bearer('house:read', 'emergency:read'))
      expect([session?.emergency?.grantId === row?.id, text.includes(row?.id ?? '?')]).toEqual([
        ...[false, true],
      ])
    })
    it('with how each workstation is reached', async () => {
      const [other, gone, fresh] = [
        await core.addWorkstation('4-west'),
        await core.addWorkstation('4-west'),
        await core.addWorkstation('4-west'),
      ]
      await core.hello(gone, 'b007-0001')
      core.pass(60_000)
      await core.hello(other, 'b007-0001')
      const health = { agentVersion: '0.1.0', reader: 'ready' }
      await fastify.close()
      fastify = await door({
        brokers: ['other.example:7443'],
        connectionOf: (id) => (id === here ? health : undefined),
      })
      const { house } = await look(await bearer('house:read'))
      expect(at(house, here)).toMatchObject({ link: 'here', state: 'free', ...health })
      expect(at(house, other)).toMatchObject({ link: 'elsewhere', state: 'free' })
      expect(at(house, gone)).toMatchObject({ link: 'away', state: 'silent' })
      expect(at(house, fresh)).toMatchObject({ link: 'away', state: 'never' })
    })
    it('with a screen that may be in sight as open, though its link is away', async () => {
      await core.signIn(here, rosa)
      const { house } = await look(await bearer('house:read'))
      expect(at(house, here)).toMatchObject({ link: 'away', state: 'open' })
    })
    it('in the mode that it is run in', async () => {
      const untilMs = core.nowMs() + 1000
      const mode = { place: '*', mode: 'lockdown', since_ms: 0, until_ms: untilMs } as const
      const query = core.store.read
        .insertInto('house_mode')
        .values({ ...mode, set_by: 'kit', version: 1 })
        .compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
      expect((await look(await bearer('house:read'))).house.zones[0]?.mode).toBe('lockdown')
      core.pass(1000)
      expect((await look(await bearer('house:read'))).house.zones[0]?.mode).toBe('normal')
    })
  })

  describe('looking with names', () => {
    it('is one fact for a caller, and another after five minutes', async () => {
      const authorization = await bearer('presence:read', 'house:read')
      for (let n = 0; n < 5; n++) await look(authorization)
      expect(await facts('ADM-005')).toMatchObject([
        { fields: { by: 'token presence:read+house:read' } },
      ])
      monotonicMs = lookLastsMs - 1
      await look(authorization)
      expect(await counted('ADM-005')).toBe(1)
      monotonicMs = lookLastsMs
      await look(authorization)
      expect(await counted('ADM-005')).toBe(2)
    })
    it('is a fact of each caller', async () => {
      await look(await bearer('presence:read'))
      await look(await bearer('presence:read', 'record:read'))
      expect(await counted('ADM-005')).toBe(2)
    })
    it('shows nothing where the fact cannot be written, and is no look then', async () => {
      let isBroken = true
      const perform = Object.assign(
        (flow: Parameters<AdminNeeds['perform']>[0]) =>
          isBroken
            ? Promise.reject(new Fault('store-full', 'transient'))
            : core.needs.perform(flow),
        { idle: () => Promise.resolve() },
      ) as AdminNeeds['perform']
      await core.signIn(here, rosa)
      const authorization = await bearer('presence:read')
      await fastify.close()
      fastify = await door({ perform })
      const response = await fastify.inject({
        url: `${adminPath}/house`,
        headers: { authorization },
      })
      expect(response.statusCode).toBe(503)
      expect(response.body).not.toContain('Rosa')
      isBroken = false
      await look(authorization)
      expect(await counted('ADM-005')).toBe(1)
    })
  })

  describe('refuses', () => {
    it('whoever may see neither, and writes that down', async () => {
      const authorization = await bearer('record:read', 'sessions:read')
      const response = await fastify.inject({
        url: `${adminPath}/house`,
        headers: { authorization },
      })
      expect(response.statusCode).toBe(403)
      expect(await facts('ADM-101')).toMatchObject([
        { fields: { scope: 'presence:read house:read' } },
      ])
    })
    it('a token that was taken away, in the middle of a look', async () => {
      const authorization = await bearer('presence:read')
      await look(authorization)
      const query = core.store.read.deleteFrom('admin_token').compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
      const response = await fastify.inject({
        url: `${adminPath}/house`,
        headers: { authorization },
      })
      expect(response.statusCode).toBe(401)
    })
    it('to lock for who may only look', async () => {
      await core.signIn(here, rosa)
      const authorization = await bearer('house:read', 'presence:read')
      const response = await lock(authorization, { what: 'workstation', workstationId: here })
      expect(response.statusCode).toBe(403)
      expect((await core.sessions())[0]?.state).toBe('open')
    })
    it.each([
      ['a workstation that is none', { what: 'workstation', workstationId: nobody }, 404],
      ['a zone that is none', { what: 'zone', zoneId: 'attic' }, 404],
      ['the whole house', { what: 'house' }, 400],
      ['a place that is half named', { what: 'zone', workstationId: nobody }, 400],
    ])('to lock %s', async (_, order, status) => {
      const response = await lock(await bearer('house:lock'), order)
      expect(response.statusCode).toBe(status)
      expect(await counted('SES-003')).toBe(0)
    })
  })

  const breakGlass = async (there: WorkstationId): Promise<SessionId> => {
    const id = core.newTapId()
    await core.breakGlass(there, rosa, { id })
    const frame = await core.pin(there, id, rosa.pin)
    if (frame.kind !== 'admitted') throw new Error('no emergency')
    return frame.sessionId
  }

  describe('locking', () => {
    it('reaches the screen, says who it was, and the session comes back by a tap', async () => {
      const session = await core.signIn(here, rosa)
      const response = await lock(await bearer('house:lock'), {
        what: 'workstation',
        workstationId: here,
      })
      expect(response.json()).toEqual({ screens: 1 })
      expect(told()).toEqual([here])
      expect(await facts('SES-003')).toMatchObject([
        { session, fields: { reason: 'console', by: 'token house:lock' } },
      ])
      expect((await core.sessions())[0]?.state).toBe('locked')
      core.pass(1000)
      expect(await core.signIn(here, rosa)).toBe(session)
    })
    it('takes a zone whole, and leaves the others', async () => {
      await core.addZone('5-east')
      const [second, elsewhere] = [
        await core.addWorkstation('4-west'),
        await core.addWorkstation('5-east'),
      ]
      await core.signIn(here, rosa)
      await core.signIn(second, await core.addPerson())
      const stays = await core.signIn(elsewhere, await core.addPerson())
      const response = await lock(await bearer('house:lock'), { what: 'zone', zoneId: '4-west' })
      expect(response.json()).toEqual({ screens: 2 })
      const still = (await core.sessions()).filter(({ state }) => state === 'open')
      expect(still.map(({ id }) => id)).toEqual([stays])
      expect(told().toSorted()).toEqual([here, second].toSorted())
    })
    it('finds nothing open, and that is no error', async () => {
      const response = await lock(await bearer('house:lock'), { what: 'zone', zoneId: '4-west' })
      expect(response.statusCode).toBe(200)
      expect(response.json()).toEqual({ screens: 0 })
      expect(await facts('ADM-001')).toContainEqual(
        expect.objectContaining({
          zone: '4-west',
          fields: { by: 'token house:lock', action: 'house.lock', screens: 0 },
        }),
      )
    })
    it('is done once for a key: who has come back meanwhile is left', async () => {
      const authorization = await bearer('house:lock')
      const order = { what: 'workstation', workstationId: here }
      await core.signIn(here, rosa)
      expect((await lock(authorization, order, 'key-number-1')).json()).toEqual({ screens: 1 })
      await core.signIn(here, rosa)
      expect((await lock(authorization, order, 'key-number-1')).json()).toEqual({ screens: 1 })
      expect((await core.sessions())[0]?.state).toBe('open')
      const other = { what: 'zone', zoneId: '4-west' }
      expect((await lock(authorization, other, 'key-number-1')).statusCode).toBe(409)
    })
    it('covers an emergency’s chart, and its grant goes on: a tap brings it back', async () => {
      await core.addZone('pharmacy', { roles: ['pharmacist'] })
      const there = await core.addWorkstation('pharmacy')
      const session = await breakGlass(there)
      await lock(await bearer('house:lock'), { what: 'workstation', workstationId: there })
      expect(told()).toEqual([there])
      const [grant] = await core.store.read.selectFrom('emergency_grant').selectAll().execute()
      expect(grant?.ended_ms).toBeNull()
      expect(await facts('SES-003')).toMatchObject([
        { session, fields: { by: 'token house:lock', purpose: 'BTG', grant: grant?.id } },
      ])
      expect(await core.signIn(there, rosa)).toBe(session)
      expect((await core.sessions())[0]).toMatchObject({ state: 'open', grant_id: grant?.id })
    })
  })
})
