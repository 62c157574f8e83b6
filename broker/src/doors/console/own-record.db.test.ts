// Her own record in the console, on both stores: who gets in for it alone and can do nothing else,
// that it is hers whatever is asked for, and that it names nobody who looked.

import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import { ownRecord } from '@wardkey/protocol/console/own-record'
import type { OwnRecord } from '@wardkey/protocol/console/own-record'
import { csrfHeader, signedIn } from '@wardkey/protocol/console/signed-in'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { adminTokenFor, openAdminDoor } from '../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import type { ConsoleWays } from '../../flows/console/console-needs.ts'
import { csrfOf } from '../../flows/console/console-secrets.ts'
import { openConsoleSession } from '../../flows/console/open-session.ts'
import { newFact } from '../../flows/flow-needs.ts'
import { revokePerson } from '../../flows/revoke-person.ts'
import { registerConsole } from './console-door.ts'

const minute = 60_000
const key = randomBytes(32)
const provider: ConsoleWays['provider'] = {
  origins: () => Promise.resolve([]),
  begin: () => Promise.resolve({ kind: 'unreachable', code: 'none' }),
  answer: () => Promise.resolve({ kind: 'not-signed-in' }),
}

describe.each(engines)('her own record on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let here: WorkstationId
  let rosa: KitPerson
  let ben: KitPerson
  let beganMs: number

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    rosa = await core.addPerson({ staffNumber: 'N-1' })
    ben = await core.addPerson({ given: 'Ben', family: 'Example', staffNumber: 'N-2' })
    core.pass(minute)
    beganMs = core.nowMs()
    fastify = await door()
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const ways = (change: Partial<ConsoleWays> = {}): ConsoleWays => ({
    ...{ provider, key, adminUrl: 'http://127.0.0.1:9', person: 'staff-number' },
    ...{ hrKey: core.needs.hrKey, random: randomBytes, ownRecord: true, ownRecordNames: false },
    groups: {
      ...{ compliance: [], privacy: ['privacy-office'], it: ['it-staff'], 'service-desk': [] },
      ...{ manager: [], administrator: ['admins'] },
    },
    ...change,
  })
  async function door(change: Partial<ConsoleWays> = {}): Promise<FastifyInstance> {
    const note = () => undefined
    const needs = {
      ...{ ...core.needs, console: ways(change), random: randomBytes, monotonicMs: () => 0 },
      ...{ log: { info: note, warn: note, error: note }, head: () => ({ size: 1 }) },
      pagesFolder: new URL('./no-such-folder', import.meta.url).pathname,
    }
    const made = await openAdminDoor(core, { ...needs, head: () => undefined })
    await registerConsole(made, needs)
    return made
  }
  async function signIn(name: string, ...groups: string[]): Promise<string> {
    const needs = { ...core.needs, console: ways() }
    const proved = { kind: 'proved', name, acr: 'mfa', groups } as const
    const { answer } = await core.needs.perform(() => openConsoleSession(proved, needs))
    if (answer.kind !== 'opened') throw new Error(answer.kind)
    return answer.secret
  }
  const ask = (secret: string, url: string, headers = {}, at = fastify) =>
    at.inject({
      url,
      headers: { 'sec-fetch-site': 'same-origin', cookie: `wardkey_console=${secret}`, ...headers },
    })
  const whole = () => `fromMs=${String(beganMs)}&toMs=${String(core.nowMs() + minute)}`
  const ownUrl = () => `/console/own-record?${whole()}`
  async function see(secret: string, at = fastify): Promise<OwnRecord> {
    const response = await ask(secret, ownUrl(), {}, at)
    expect(response.statusCode, response.body).toBe(200)
    return z.strictObject(ownRecord.shape).parse(response.json())
  }
  const factsOf = async (code: string) => (await core.record()).filter((one) => one.code === code)

  describe('without a role', () => {
    it('is what she is let in for, and nothing else is told of her', async () => {
      const secret = await signIn('N-1', 'staff')
      const session = signedIn.parse((await ask(secret, '/console/session')).json())
      expect(session).toMatchObject({ roles: [], scopes: [], hasOwnRecord: true })
      expect(session.personId).toBe(rosa.personId)
      expect(await factsOf('CON-001')).toMatchObject([{ fields: { roles: 'none' } }])
      expect((await see(secret)).looks).toEqual([])
    })
    it('leaves every route of administration closed to her, whatever the method', async () => {
      const token = await adminTokenFor(core, ['people:read'])
      const described = await fastify.inject({
        url: `${adminPath}/openapi.json`,
        headers: { authorization: `Bearer ${token}` },
      })
      const doc = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      const { paths } = doc.parse(described.json())
      const routes = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
      )
      expect(routes.length).toBeGreaterThan(60)
      for (const [method, path] of [...routes, ['GET', `${adminPath}/openapi.json`] as const]) {
        // A door of her own for each: it grows tired of her.
        const at = await door()
        const secret = await signIn('N-1')
        const response = await at.inject({
          method: method as 'GET',
          url: path.replace(/\{\w+\}/g, rosa.personId),
          headers: {
            ...{ 'sec-fetch-site': 'same-origin', cookie: `wardkey_console=${secret}` },
            [csrfHeader]: csrfOf(secret, key),
          },
          ...(method === 'GET' ? {} : { payload: {} }),
        })
        expect([method, path, response.statusCode]).toEqual([method, path, 403])
        await at.close()
      }
    }, 120_000)
    it('does not let her fill the record with refusals', async () => {
      const secret = await signIn('N-1')
      const statuses = new Set<number>()
      for (let n = 0; n < 25; n += 1) {
        statuses.add((await ask(secret, `${adminPath}/people`)).statusCode)
      }
      expect([...statuses]).toEqual([403, 429])
      expect((await factsOf('ADM-101')).length).toBe(20)
    })
    it('is over when the house shows it no more, as her session is', async () => {
      const secret = await signIn('N-1')
      const closed = await door({ ownRecord: false })
      expect((await ask(secret, '/console/session', {}, closed)).statusCode).toBe(401)
      expect((await ask(secret, ownUrl(), {}, closed)).statusCode).toBe(401)
      const privacy = await signIn('N-2', 'privacy-office')
      const no = await ask(privacy, ownUrl(), {}, closed)
      expect([no.statusCode, no.json()]).toMatchObject([403, { code: 'console-no-own-record' }])
      await closed.close()
    })
    it.each(['on-leave', 'suspended', 'terminated'] as const)(
      'is not for somebody %s',
      async (status) => {
        const secret = await signIn('N-1')
        const change = { personId: rosa.personId, status, by: 'kit' }
        await core.needs.perform(() => revokePerson(change, core.needs))
        expect((await ask(secret, ownUrl())).statusCode).toBe(401)
        await expect(signIn('N-1')).rejects.toThrow('refused')
      },
    )
    it('is not for an account that is nobody’s here', async () => {
      await expect(signIn('N-9')).rejects.toThrow('refused')
    })
  })

  describe('is hers', () => {
    it('whatever the request names, with a role and without one', async () => {
      await core.signIn(here, ben)
      for (const groups of [[], ['admins']]) {
        const secret = await signIn('N-1', ...groups)
        for (const more of [`personId=${ben.personId}`, `person=${ben.personId}`, 'limit=1']) {
          expect((await ask(secret, `${ownUrl()}&${more}`)).statusCode).toBe(400)
        }
        expect((await see(secret)).facts.filter(({ code }) => code === 'TAP-001')).toEqual([])
      }
    })
    it.each([
      ['no times', ''],
      ['times the wrong way round', 'fromMs=2&toMs=1'],
      ['more than 31 days', 'fromMs=0&toMs=9000000000000'],
      ['two of one', 'fromMs=1&fromMs=2&toMs=3'],
    ])('and not understood with %s', async (_what, query) => {
      const secret = await signIn('N-1')
      expect((await ask(secret, `/console/own-record?${query}`)).statusCode).toBe(400)
    })
    it('by her cookie alone: no token, no other site, no planted secret', async () => {
      const token = await adminTokenFor(core, ['presence:read', 'record:read'])
      const headers = { authorization: `Bearer ${token}`, 'sec-fetch-site': 'same-origin' }
      expect((await fastify.inject({ url: ownUrl(), headers })).statusCode).toBe(401)
      const secret = await signIn('N-1')
      const away = await ask(secret, ownUrl(), { 'sec-fetch-site': 'cross-site' })
      expect(away.statusCode).toBe(403)
      expect((await ask('A'.repeat(43), ownUrl())).statusCode).toBe(401)
    })
    it('with taps, sessions and places, and why she was refused', async () => {
      const session = await core.signIn(here, rosa)
      core.pass(minute)
      await core.leave(here, session, 'idle')
      const seen = await see(await signIn('N-1'))
      expect(seen.spans.filter(({ lane }) => lane === 'session')).toMatchObject([
        { kind: 'open', fromMs: beganMs, untilMs: beganMs + minute, workstationId: here },
        { kind: 'locked' },
      ])
      expect(seen.workstations).toMatchObject([{ workstationId: here, zoneId: '4-west' }])
      expect(seen.facts.map(({ code }) => code)).toEqual(
        expect.arrayContaining(['TAP-001', 'SES-003', 'CON-001']),
      )
    })
    it('and speaks to her of what she did herself', async () => {
      const { facts } = await see(await signIn('N-1'))
      const signedIn = facts.find(({ code }) => code === 'CON-001')
      expect(signedIn?.sentence).toBe('You signed in to the console.')
      expect(facts.map(({ sentence }) => sentence).join(' ')).not.toMatch(/Somebody signed/)
    })
    it('without whom she spoke for, who enrolled her badge, and what others decide', async () => {
      const told = (code: Parameters<typeof newFact>[1], about: Parameters<typeof newFact>[2]) =>
        core.needs.perform(() =>
          Promise.resolve({
            ...{ answer: undefined, writes: [], notices: [] },
            facts: [newFact(core.needs, code, about)],
          }),
        )
      await told('BTG-004', { person: ben.personId, fields: { witness: rosa.personId } })
      await told('BDG-001', { person: rosa.personId, fields: { by: `person ${ben.personId}` } })
      await told('ALR-001', { person: rosa.personId, fields: { rule: 'badge-sharing' } })
      await told('TAP-101', { person: rosa.personId, fields: { code: 'role-not-in-zone' } })
      const response = await ask(await signIn('N-1'), ownUrl())
      const { facts } = ownRecord.parse(response.json())
      expect(response.body).not.toContain(ben.personId)
      expect(response.body).not.toMatch(/ALR-001|badge-sharing/)
      expect(facts.find(({ code }) => code === 'BTG-004')?.sentence).toMatch(/for a colleague/)
      expect(facts.find(({ code }) => code === 'TAP-101')?.why).toMatch(/role/)
    })
  })

  describe('says who looked', () => {
    const lookAtRosa = async (): Promise<void> => {
      const secret = await signIn('N-2', 'privacy-office', 'it-staff')
      const url = `${adminPath}/timeline?personId=${rosa.personId}&${whole()}`
      expect((await ask(secret, url)).statusCode).toBe(200)
      core.pass(1000)
      expect((await ask(secret, `${adminPath}/people/${rosa.personId}`)).statusCode).toBe(200)
      core.pass(1000)
    }
    it('by the roles that they had then, and not by name', async () => {
      await lookAtRosa()
      // What he may later is another question.
      await signIn('N-2', 'admins')
      const token = await adminTokenFor(core, ['people:read'], 'ben-example')
      const headers = { authorization: `Bearer ${token}` }
      await fastify.inject({ url: `${adminPath}/people/${rosa.personId}`, headers })
      const response = await ask(await signIn('N-1'), ownUrl())
      const { looks } = ownRecord.parse(response.json())
      expect(looks).toMatchObject([
        { what: 'entry', by: 'program', roles: [] },
        { what: 'entry', by: 'office', roles: ['privacy', 'it'] },
        { what: 'timeline', by: 'office', roles: ['privacy', 'it'], fromMs: beganMs },
      ])
      expect(response.body).not.toMatch(/Ben|Example|ben-example/)
      expect(response.body).not.toContain(ben.personId)
    })
    it('by name where the house lets people know', async () => {
      await lookAtRosa()
      const open = await door({ ownRecordNames: true })
      const { looks } = await see(await signIn('N-1'), open)
      expect(looks).toMatchObject([{ name: 'Ben Example' }, { name: 'Ben Example' }])
      await open.close()
    })
    it('to nobody else: not to a colleague whose record it is not', async () => {
      await lookAtRosa()
      expect((await see(await signIn('N-2'))).looks).toEqual([])
    })
    it('and her own look is noted once a day, and is no look of others', async () => {
      const secret = await signIn('N-1')
      await see(secret)
      await see(secret)
      const noted = async () =>
        (await factsOf('ADM-001')).filter(
          ({ fields }) => (fields as { action?: string }).action === 'own-record.show',
        )
      expect(await noted()).toMatchObject([{ person: rosa.personId }])
      core.pass(86_400_001)
      await see(await signIn('N-1'))
      expect(await noted()).toHaveLength(2)
      expect((await see(await signIn('N-1'))).looks).toEqual([])
    })
  })

  it('is asked for no more often than anybody reads it', async () => {
    const secret = await signIn('N-1')
    const statuses = []
    for (let n = 0; n < 22; n += 1) statuses.push((await ask(secret, ownUrl())).statusCode)
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(statuses.slice(20)).toEqual([429, 429])
  })
})
