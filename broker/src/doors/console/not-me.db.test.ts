// “This was not me” at the console's door, on both stores: who may say it and of what, by which
// page, how often, and what her own record tells her of it afterwards.

import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { disowned, ownRecord } from '@wardkey/protocol/console/own-record'
import { csrfHeader } from '@wardkey/protocol/console/signed-in'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { adminTokenFor, openAdminDoor } from '../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import type { ConsoleWays } from '../../flows/console/console-needs.ts'
import { csrfOf } from '../../flows/console/console-secrets.ts'
import { openConsoleSession } from '../../flows/console/open-session.ts'
import { revokePerson } from '../../flows/revoke-person.ts'
import { registerConsole } from './console-door.ts'

const minute = 60_000
const key = randomBytes(32)
const address = '/console/own-record/not-me'
const provider: ConsoleWays['provider'] = {
  origins: () => Promise.resolve([]),
  begin: () => Promise.resolve({ kind: 'unreachable', code: 'none' }),
  answer: () => Promise.resolve({ kind: 'not-signed-in' }),
}

describe.each(engines)('“this was not me” at the door on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let here: WorkstationId
  let rosa: KitPerson
  let ben: KitPerson
  let monotonicMs: number

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west', { screensMax: 2 })
    here = await core.addWorkstation('4-west')
    rosa = await core.addPerson({ staffNumber: 'N-1' })
    ben = await core.addPerson({ given: 'Ben', family: 'Example', staffNumber: 'N-2' })
    core.pass(minute)
    monotonicMs = 0
    fastify = await door()
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const ways = (ownRecordShown = true): ConsoleWays => ({
    ...{ provider, key, adminUrl: 'http://127.0.0.1:9', person: 'staff-number' },
    ...{ hrKey: core.needs.hrKey, random: randomBytes, ownRecordNames: false },
    ownRecord: ownRecordShown,
    groups: {
      ...{ compliance: [], privacy: ['privacy-office'], it: ['it-staff'], 'service-desk': [] },
      ...{ manager: [], administrator: ['admins'] },
    },
  })
  async function door(isShown = true): Promise<FastifyInstance> {
    const note = () => undefined
    const needs = {
      ...{ ...core.needs, console: ways(isShown), random: randomBytes },
      ...{ log: { info: note, warn: note, error: note }, head: () => ({ size: 1 }) },
      monotonicMs: () => monotonicMs,
      pagesFolder: new URL('./no-such-folder', import.meta.url).pathname,
    }
    const made = await openAdminDoor(core, { ...needs, head: () => undefined })
    await registerConsole(made, needs)
    return made
  }
  async function signIn(name = 'N-1', ...groups: string[]): Promise<string> {
    const proved = { kind: 'proved', name, acr: 'mfa', groups } as const
    const needs = { ...core.needs, console: ways() }
    const { answer } = await core.needs.perform(() => openConsoleSession(proved, needs))
    if (answer.kind !== 'opened') throw new Error(answer.kind)
    return answer.secret
  }
  const say = (secret: string, payload: object, headers = {}, at = fastify) =>
    at.inject({
      ...{ method: 'POST', url: address, payload },
      headers: {
        ...{ 'sec-fetch-site': 'same-origin', cookie: `wardkey_console=${secret}` },
        [csrfHeader]: csrfOf(secret, key),
        ...headers,
      },
    })
  async function factsOf(secret: string) {
    const toMs = core.nowMs() + minute
    const response = await fastify.inject({
      url: `/console/own-record?fromMs=${String(toMs - 7 * 86_400_000)}&toMs=${String(toMs)}`,
      headers: { 'sec-fetch-site': 'same-origin', cookie: `wardkey_console=${secret}` },
    })
    return ownRecord.parse(response.json()).facts
  }
  async function tapOf(who: KitPerson): Promise<number> {
    const rows = core.store.read.selectFrom('fact').select('idx').where('code', '=', 'TAP-001')
    return (await rows.where('person_id', '=', who.personId).executeTakeFirstOrThrow()).idx
  }
  const badges = async () => {
    const rows = await core.store.read.selectFrom('badge').select('status').execute()
    return rows.map(({ status }) => status).sort()
  }

  it.each([[[]], [['admins']]])('is hers to say, by a line of her own (%j)', async (groups) => {
    await core.signIn(here, rosa)
    const secret = await signIn('N-1', ...groups)
    const line = (await factsOf(secret)).find(({ code }) => code === 'TAP-001')
    expect(line).toMatchObject({ notMe: 'sayable' })
    const response = await say(secret, { what: 'tap', index: line?.index })
    expect([response.statusCode, disowned.parse(response.json())]).toEqual([
      ...[200, { badges: 1, sessions: 1, wasSaid: false }],
    ])
    const after = await factsOf(secret)
    expect(after.find(({ index }) => index === line?.index)).toMatchObject({ notMe: 'said' })
    const told = after.find(({ code }) => code === 'BDG-008')
    expect(told?.sentence).toBe('You said that this was not you.')
    expect(after.filter(({ code }) => /^(CON|BDG|PRE)-/.test(code))).toSatisfy((facts) =>
      (facts as readonly object[]).every((fact) => !('notMe' in fact)),
    )
    expect(await badges()).toEqual(['active', 'suspended'])
  })

  it('may be said of all her badges, and once more changes nothing', async () => {
    const secret = await signIn()
    for (const wasSaid of [false, true]) {
      const response = await say(secret, { what: 'badges' })
      expect(response.json()).toMatchObject({ wasSaid, badges: wasSaid ? 0 : 1 })
    }
    expect(await badges()).toEqual(['active', 'suspended'])
  })

  describe('is refused, and every badge goes on,', () => {
    afterEach(async () => {
      if (!isHere) return
      expect(await badges()).toEqual(['active', 'active'])
      expect((await core.counts())['BDG-008']).toBeUndefined()
    })

    it('of a colleague’s tap exactly as of one that is not there, for every role', async () => {
      await core.signIn(here, ben)
      for (const groups of [[], ['admins', 'privacy-office', 'it-staff']]) {
        const secret = await signIn('N-1', ...groups)
        const others = await say(secret, { what: 'tap', index: await tapOf(ben) })
        const nobodys = await say(secret, { what: 'tap', index: 900_000 })
        expect([others.statusCode, others.json()]).toEqual([404, nobodys.json()])
        expect(others.json()).toMatchObject({ code: 'own-tap-unknown' })
        expect(others.body).not.toContain(ben.personId)
      }
    })
    it.each([
      ['nothing', {}],
      ['somebody named', { what: 'badges', personId: 'x' }],
      ['a badge named', { what: 'badges', badgeId: 'x' }],
      ['no number', { what: 'tap' }],
      ['a number that is none', { what: 'tap', index: '1' }],
      ['a number below nothing', { what: 'tap', index: -1 }],
      ['half a number', { what: 'tap', index: 1.5 }],
      ['a list', []],
    ])('with %s', async (_what, payload) => {
      const response = await say(await signIn(), payload)
      expect([response.statusCode, response.json()]).toMatchObject([
        ...[400, { code: 'request-not-understood' }],
      ])
    })
    it('with more than it takes, or with what is no JSON', async () => {
      const secret = await signIn()
      const long = await say(secret, { what: 'badges', note: 'x'.repeat(2000) })
      expect(long.statusCode).toBe(413)
      const text = await say(secret, {}, { 'content-type': 'text/plain' })
      expect([400, 415]).toContain(text.statusCode)
    })
    it.each([
      ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
      ['another origin', { origin: 'https://elsewhere.example' }, 403],
      ['a page that was not told the word', { [csrfHeader]: '' }, 403],
      ['a page with another one’s word', { [csrfHeader]: csrfOf('B'.repeat(43), key) }, 403],
      ['nobody signed in', { cookie: '' }, 401],
      ['a planted secret', { cookie: `wardkey_console=${'A'.repeat(43)}` }, 403],
    ])('from %s', async (_what, headers, status) => {
      const response = await say(await signIn(), { what: 'badges' }, headers)
      expect(response.statusCode).toBe(status)
    })
    it('by a token, whatever it may', async () => {
      const token = await adminTokenFor(core, ['badges:write', 'people:write'])
      const headers = { authorization: `Bearer ${token}`, 'sec-fetch-site': 'same-origin' }
      const asked = { method: 'POST', url: address, headers, payload: { what: 'badges' } } as const
      expect((await fastify.inject(asked)).statusCode).toBe(401)
    })
    it('where the house shows nobody her record', async () => {
      const closed = await door(false)
      expect((await say(await signIn(), { what: 'badges' }, {}, closed)).statusCode).toBe(401)
      const privacy = await signIn('N-2', 'privacy-office')
      const no = await say(privacy, { what: 'badges' }, {}, closed)
      expect([no.statusCode, no.json()]).toMatchObject([403, { code: 'console-no-own-record' }])
      await closed.close()
    })
    it('for somebody who is suspended', async () => {
      const secret = await signIn()
      const change = { personId: rosa.personId, status: 'suspended', by: 'kit' } as const
      await core.needs.perform(() => revokePerson(change, core.needs))
      expect((await say(secret, { what: 'badges' })).statusCode).toBe(401)
    })
    it('more often than anybody says it, by her alone', async () => {
      const secret = await signIn()
      const statuses = []
      for (let n = 0; n < 8; n += 1) {
        statuses.push((await say(secret, { what: 'tap', index: 900_000 })).statusCode)
      }
      expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 429, 429])
      expect((await core.counts())['BDG-102']).toBe(6)
      const other = await say(await signIn('N-2'), { what: 'tap', index: 900_000 })
      expect(other.statusCode).toBe(404)
      monotonicMs += minute
      expect((await say(secret, { what: 'tap', index: 900_000 })).statusCode).toBe(404)
    })
  })
})
