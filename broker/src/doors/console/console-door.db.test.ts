// The console's door on a real store, with a hospital's own sign-in over TLS: who is let in, for how
// long, what another site can do with the cookie, and that nothing of a session outlives it.

import { randomBytes } from 'node:crypto'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { problem } from '@wardkey/protocol/admin/problem'
import { csrfHeader, scopesOfRole, signedIn } from '@wardkey/protocol/console/signed-in'
import { openAdminDoor } from '../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import {
  clientId,
  clientSecret,
  HospitalSignIn,
} from '../../../../test/kit/sign-in/hospital-sign-in.ts'
import { Visitor } from '../../../../test/kit/sign-in/visitor.ts'
import { engines } from '../../../../test/kit/stores.ts'
import type { ConsoleWays } from '../../flows/console/console-needs.ts'
import { sweepConsoleSessions } from '../../flows/console/end-session.ts'
import { consoleIdleMs } from '../../flows/console/find-session.ts'
import { consoleMaxMs } from '../../flows/console/open-session.ts'
import { changePerson } from '../../flows/change-person.ts'
import { revokePerson } from '../../flows/revoke-person.ts'
import { makeAccountProvider } from '../../identity/account/account-provider.ts'
import { openHttp } from '../open-http.ts'
import type { HttpPort } from '../open-http.ts'
import { registerConsole } from './console-door.ts'

const groups: ConsoleWays['groups'] = {
  compliance: ['compliance-office'],
  privacy: ['privacy-office'],
  it: ['it-staff'],
  'service-desk': ['desk'],
  manager: [],
  administrator: ['admins'],
}
const minuteMs = 60_000

describe.each(engines)('the console on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let hospital: HospitalSignIn
  let port: HttpPort
  let fastify: FastifyInstance
  let vera: KitPerson
  let lines: string[]

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    hospital = await HospitalSignIn.open()
    await core.addZone('4-west')
    vera = await core.addPerson({ given: 'Vera', family: 'Okonkwo', staffNumber: 'N-4711' })
    hospital.says.claims = { staff: 'N-4711', groups: ['privacy-office'] }
    lines = []
    port = await openHttp({ host: '127.0.0.1', port: 0, setting: 'admin.port' }, undefined)
    fastify = await door(wayIn())
    await port.answerWith(fastify)
  })
  afterEach(async () => {
    if (!isHere) return
    await port.close(1000)
    await fastify.close()
    await hospital.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const wayIn = (): ConsoleWays => ({
    provider: makeAccountProvider(
      {
        ...{ issuer: hospital.issuer, clientId, clientSecret, caPem: hospital.caPem },
        ...{ acr: ['mfa'], groups: [...new Set(Object.values(groups).flat())], takesNoGroup: true },
        ...{ groupsClaim: 'groups', claim: 'staff', scope: 'openid profile', origins: [] },
      },
      { redirectUri: `${port.url}/console/callback`, nowMs: Date.now },
    ),
    ...{ groups, adminUrl: port.url, person: 'staff-number', hrKey: core.needs.hrKey },
    ...{ key: randomBytes(32), random: randomBytes },
    ...{ ownRecord: false, ownRecordNames: false },
  })

  async function door(ways: ConsoleWays | undefined): Promise<FastifyInstance> {
    const note = (event: string, fields: object): void => {
      lines.push(JSON.stringify({ event, ...fields }))
    }
    const needs = {
      ...core.needs,
      console: ways,
      random: randomBytes,
      log: { info: note, warn: note, error: note },
      monotonicMs: () => 0,
      head: () => undefined,
      pagesFolder: new URL('./no-such-folder', import.meta.url).pathname,
    }
    const made = await openAdminDoor(core, needs)
    await registerConsole(made, needs)
    return made
  }

  const visitor = (): Visitor => new Visitor(hospital.caPem)

  /** Signs in, and what the browser then sends along. */
  async function signIn(by = visitor(), to = ''): Promise<string> {
    const last = await by.go(`${port.url}/console/sign-in${to}`)
    expect(last.url.pathname).toBe('/console/')
    return by.cookies(port.url)
  }

  const itsPage = { 'sec-fetch-site': 'same-origin' }
  async function ask(options: InjectOptions & { cookie: string }) {
    const { cookie, headers, ...rest } = options
    const response = await fastify.inject({ ...rest, headers: { ...itsPage, cookie, ...headers } })
    const text = response.body
    if (response.statusCode >= 400) problem.parse(response.json())
    return { status: response.statusCode, text, headers: response.headers }
  }
  const session = async (cookie: string) => {
    const { status, text } = await ask({ url: '/console/session', cookie })
    expect(status).toBe(200)
    return signedIn.parse(JSON.parse(text))
  }
  const statusOf = async (cookie: string, url = '/console/session', headers = {}) =>
    (await ask({ url, cookie, headers })).status
  const factsOf = async (code: string) => (await core.record()).filter((one) => one.code === code)

  it('lets somebody in with the role of her group, and the record says so', async () => {
    const cookie = await signIn()
    const shown = await session(cookie)
    expect(shown).toMatchObject({ account: 'Vera Okonkwo', roles: ['privacy'] })
    expect(shown.scopes).toEqual(scopesOfRole.privacy)
    expect(await factsOf('CON-001')).toMatchObject([
      { person: vera.personId, fields: { roles: 'privacy', acr: 'mfa' } },
    ])
    expect(await statusOf(cookie, '/admin/v1/break-glass')).toBe(200)
    const [looked] = (await factsOf('ADM-001')).slice(-1)
    expect(looked?.fields).toMatchObject({ by: `person ${vera.personId}` })
  })
  it('gives no more than the role has, and writes down what was reached for', async () => {
    const cookie = await signIn()
    const { status, text } = await ask({ url: '/admin/v1/tokens', cookie })
    expect([status, problem.parse(JSON.parse(text)).code]).toEqual([403, 'scope-missing'])
    expect(await factsOf('ADM-101')).toMatchObject([
      { fields: { by: `person ${vera.personId}`, scope: 'tokens:read' } },
    ])
  })
  it('lets the service desk ask why a tap was refused, and read no more of the record', async () => {
    hospital.says.claims = { ...hospital.says.claims, groups: ['desk'] }
    const cookie = await signIn()
    const { status, text } = await ask({ url: '/admin/v1/why/K7P-2XM', cookie })
    expect([status, problem.parse(JSON.parse(text)).code]).toEqual([404, 'tap-unknown'])
    expect(await statusOf(cookie, '/admin/v1/record/facts')).toBe(403)
  })
  it('gives legal holds to compliance and privacy alone, and the end of one to two people', async () => {
    const as = async (group: string, staff = 'N-4711') => {
      hospital.says.claims = { ...hospital.says.claims, staff, groups: [group] }
      const cookie = await signIn()
      const { csrf } = await session(cookie)
      return async (method: 'GET' | 'POST', path: string, payload?: object) => {
        const url = `/admin/v1/${path}`
        const asked = { method, url, cookie, headers: { [csrfHeader]: csrf } }
        const { status, text } = await ask({ ...asked, ...(payload && { payload }) })
        const body = text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text))
        return [status, body] as const
      }
    }
    const reason = 'case 4711'
    for (const group of ['it-staff', 'desk', 'admins']) {
      const others = await as(group)
      for (const [method, path] of [
        ...([
          ['GET', 'holds'],
          ['GET', 'retention/purges'],
          ['GET', 'forgettings'],
        ] as const),
        ...([
          ['POST', 'holds'],
          ['POST', `holds/${vera.personId}/lift`],
        ] as const),
      ]) {
        const [status] = await others(method, path, method === 'POST' ? { reason } : undefined)
        expect(status, `${group} ${method} ${path}`).toBe(403)
      }
    }
    const privacy = await as('privacy-office')
    const [placed, hold] = await privacy('POST', 'holds', { reason })
    expect(placed).toBe(201)
    const path = `holds/${String(hold['id'])}`
    expect((await privacy('POST', `${path}/ask-lift`))[0]).toBe(204)
    expect((await privacy('POST', `${path}/lift`))[0]).toBe(403)
    expect((await privacy('POST', 'retention/rules', {}))[0]).toBe(403)
    expect((await privacy('POST', 'forgettings', {}))[0]).toBe(403)
    // The same person under another role is the same person.
    const same = await as('compliance-office')
    expect(await same('POST', `${path}/lift`)).toMatchObject([403, { code: 'hold-own' }])
    await core.addPerson({ given: 'Ben', staffNumber: 'N-4712' })
    const other = await as('compliance-office', 'N-4712')
    expect((await other('POST', `${path}/lift`))[0]).toBe(204)
    expect(await other('GET', 'holds')).toMatchObject([
      200,
      { holds: [{ state: 'lifted', liftAsked: { by: `person ${vera.personId}` } }] },
    ])
  })
  it('adds up the roles of several groups', async () => {
    hospital.says.claims = { ...hospital.says.claims, groups: ['it-staff', 'x', 'desk', 'desk'] }
    expect((await session(await signIn())).roles).toEqual(['it', 'service-desk'])
  })
  it('sends her back to the page that she wanted, and nowhere else', async () => {
    const by = visitor()
    const to = encodeURIComponent('/console/reviews?open=true')
    const { url } = await by.go(`${port.url}/console/sign-in?to=${to}`)
    expect(`${url.pathname}${url.search}`).toBe('/console/reviews?open=true')
    for (const bad of ['https://evil.example/', '//evil.example', '/console/../admin/v1', '/x']) {
      await signIn(visitor(), `?to=${encodeURIComponent(bad)}`)
    }
  })
  it('makes a new secret at each sign-in, whatever the browser brought', async () => {
    const by = visitor()
    const first = await signIn(by)
    const second = await signIn(by)
    expect(second).not.toBe(first)
    const planted = 'wardkey_console=' + 'A'.repeat(43)
    expect(await statusOf(planted)).toBe(401)
    expect(await statusOf(`${second}; ${planted}`)).toBe(401)
  })

  describe('is closed', () => {
    const refusedWith = async (rule: string): Promise<void> => {
      const by = visitor()
      const last = await by.go(`${port.url}/console/sign-in`)
      expect(last.status).toBe(403)
      expect(last.text).toContain('may not use the console')
      expect(by.cookies(port.url)).toBe('')
      expect((await factsOf('CON-101')).at(-1)).toMatchObject({ rule })
      expect(await factsOf('CON-001')).toEqual([])
    }
    it('to an account in no group that counts', async () => {
      hospital.says.claims = { staff: 'N-4711', groups: ['staff', 'Privacy-Office'] }
      await refusedWith('account-group')
    })
    it('to a provider that says nothing of groups', async () => {
      hospital.says.claims = { staff: 'N-4711' }
      await refusedWith('account-group')
    })
    it('to an account that is nobody’s here', async () => {
      hospital.says.claims = { ...hospital.says.claims, staff: 'N-9999' }
      await refusedWith('account-is-somebodys')
    })
    it('to whoever did not sign in as strongly as is asked', async () => {
      hospital.says.claims = { ...hospital.says.claims, acr: 'password' }
      await refusedWith('account-acr')
    })
    it.each(['on-leave', 'suspended', 'terminated'] as const)('to somebody %s', async (status) => {
      const cookie = await signIn()
      await core.needs.perform(() =>
        revokePerson({ personId: vera.personId, status, by: 'kit' }, core.needs),
      )
      // At once for the session that she had, too.
      expect(await statusOf(cookie)).toBe(401)
      expect(await statusOf(cookie, '/admin/v1/people')).toBe(401)
      const last = await visitor().go(`${port.url}/console/sign-in`)
      expect(last.status).toBe(403)
    })
    it('to a token by another key', async () => {
      hospital.says.signedBy = 'another key'
      await refusedWith('account-is-told')
    })
    it('and says so, while the provider does not answer', async () => {
      hospital.says.misdeeds = new Map([['/token', { kind: 'status', status: 500 }]])
      const last = await visitor().go(`${port.url}/console/sign-in`)
      expect([last.status, last.text]).toEqual([503, expect.stringContaining('does not answer')])
    })
    it('where settings name no group', async () => {
      const none = await door(undefined)
      const page = await none.inject({ url: '/console/' })
      expect([page.statusCode, page.body]).toEqual([404, expect.stringContaining('not set up')])
      const cookie = `wardkey_console=${'A'.repeat(43)}`
      const asked = { url: '/admin/v1/people', headers: { ...itsPage, cookie } }
      expect((await none.inject(asked)).statusCode).toBe(401)
      await none.close()
    })
  })

  describe('another’s way back', () => {
    const untilBack = (by: Visitor) =>
      by.go(`${port.url}/console/sign-in`, undefined, (url) => url.pathname === '/console/callback')

    it('signs nobody in in another browser', async () => {
      const { url } = await untilBack(visitor())
      const hers = visitor()
      await untilBack(hers)
      const last = await hers.go(url)
      expect(last.status).toBe(400)
      expect(hers.cookies(port.url)).not.toMatch(/wardkey_console=/)
      expect(await factsOf('CON-001')).toEqual([])
    })
    it('counts once', async () => {
      const by = visitor()
      const { url } = await untilBack(by)
      expect((await by.go(url)).url.pathname).toBe('/console/')
      expect((await by.go(url)).status).toBe(400)
      expect(await factsOf('CON-001')).toHaveLength(1)
    })
    it.each([
      ['no state', ''],
      ['a state that is none', 'state=x&code=y'],
      ['two states', `state=${'A'.repeat(43)}&state=${'A'.repeat(43)}&code=y`],
      ['a state that nobody made', `state=${'A'.repeat(43)}&code=y`],
      ['more than a provider says', `state=${'A'.repeat(43)}&code=${'y'.repeat(13_000)}`],
    ])('is none with %s, and nothing is written', async (_what, query) => {
      const { status } = await visitor().once(`${port.url}/console/callback?${query}`)
      expect(status).toBe(400)
      expect(await factsOf('CON-101')).toEqual([])
    })
  })

  describe('another site', () => {
    it.each([
      ['sends a request across sites', { 'sec-fetch-site': 'cross-site' }],
      ['is on the same machine', { 'sec-fetch-site': 'same-site' }],
      ['is an address that was typed', { 'sec-fetch-site': 'none' }],
      ['says another origin', { origin: 'https://evil.example' }],
      ['has no origin', { origin: 'null' }],
    ])('gets nothing when it %s', async (_what, headers) => {
      const cookie = await signIn()
      expect(await statusOf(cookie, '/console/session', headers)).toBe(403)
      expect(await statusOf(cookie, '/admin/v1/break-glass', headers)).toBe(403)
    })
    it('gets nothing from what says nothing of where it comes from', async () => {
      const headers = { cookie: await signIn() }
      const { statusCode } = await fastify.inject({ url: '/admin/v1/break-glass', headers })
      expect(statusCode).toBe(403)
    })
    it('changes nothing without the page’s own word', async () => {
      hospital.says.claims = { ...hospital.says.claims, groups: ['admins'] }
      const cookie = await signIn()
      const { csrf } = await session(cookie)
      const other = (await session(await signIn())).csrf
      const body = { name: { given: 'Rosa', family: 'Santos' }, roles: ['nurse'] }
      const add = async (headers: Record<string, string>) =>
        (await ask({ method: 'POST', url: '/admin/v1/people', payload: body, cookie, headers }))
          .status
      expect(await add({})).toBe(403)
      expect(await add({ [csrfHeader]: '' })).toBe(403)
      expect(await add({ [csrfHeader]: other })).toBe(403)
      expect(await add({ [csrfHeader]: csrf, 'sec-fetch-site': 'cross-site' })).toBe(403)
      expect(await factsOf('PER-001')).toHaveLength(1)
      expect(await add({ [csrfHeader]: csrf, origin: port.url })).toBe(201)
    })
    it('cannot frame it, and no answer is kept', async () => {
      const { headers } = await fastify.inject({ url: '/console/' })
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'cache-control': 'no-store' })
    })
  })

  it('lets nobody change what is kept about herself', async () => {
    hospital.says.claims = { ...hospital.says.claims, groups: ['admins'] }
    const cookie = await signIn()
    const { csrf } = await session(cookie)
    const change = (id: string) =>
      ask({
        method: 'PATCH',
        url: `/admin/v1/people/${id}`,
        payload: { roles: ['nurse', 'physician'] },
        ...{ cookie, headers: { [csrfHeader]: csrf } },
      })
    const { status, text } = await change(vera.personId)
    expect([status, problem.parse(JSON.parse(text)).code]).toEqual([403, 'console-own-record'])
    expect((await factsOf('ADM-101')).at(-1)).toMatchObject({ fields: { scope: 'another-person' } })
    expect((await change((await core.addPerson()).personId)).status).toBe(204)
  })

  describe('a session', () => {
    it('ends when she signs out, and only then for this browser', async () => {
      const one = await signIn()
      const other = await signIn()
      const { csrf } = await session(one)
      const out = (headers: Record<string, string>) =>
        ask({ method: 'POST', url: '/console/sign-out', cookie: one, headers })
      expect((await out({})).status).toBe(403)
      const done = await out({ [csrfHeader]: csrf })
      expect([done.status, String(done.headers['set-cookie'])]).toEqual([
        204,
        expect.stringContaining('Max-Age=0'),
      ])
      expect([await statusOf(one), await statusOf(other)]).toEqual([401, 200])
      expect(await factsOf('CON-002')).toMatchObject([{ person: vera.personId }])
    })
    it('ends by itself when nobody uses it', async () => {
      const cookie = await signIn()
      for (let minutes = 0; minutes < 30; minutes += 10) {
        core.pass(10 * minuteMs)
        expect(await statusOf(cookie)).toBe(200)
      }
      core.pass(consoleIdleMs)
      expect(await statusOf(cookie)).toBe(401)
    })
    it('ends after its time however busy she is, and its row goes', async () => {
      const cookie = await signIn()
      for (let ms = 0; ms < consoleMaxMs - 10 * minuteMs; ms += 10 * minuteMs) {
        core.pass(10 * minuteMs)
        expect(await statusOf(cookie)).toBe(200)
      }
      core.pass(10 * minuteMs)
      expect(await statusOf(cookie)).toBe(401)
      await sweepConsoleSessions(core.needs.store, core.needs.nowMs())
      expect(await core.needs.db.selectFrom('console_session').selectAll().execute()).toEqual([])
    })
    it('ends with the groups that gave its role, in settings as at the provider', async () => {
      hospital.says.claims = { ...hospital.says.claims, groups: ['admins'] }
      const cookie = await signIn()
      const statusBy = async (changed: ConsoleWays['groups']): Promise<number> => {
        const next = await door({ ...wayIn(), groups: changed })
        const url = '/admin/v1/tokens'
        const { statusCode } = await next.inject({ url, headers: { ...itsPage, cookie } })
        await next.close()
        return statusCode
      }
      expect(await statusBy({ ...groups, it: [...groups.it] })).toBe(200)
      expect(await statusBy({ ...groups, administrator: [] })).toBe(401)
      expect(await statusBy({ ...groups, administrator: ['lead-admins'] })).toBe(401)
    })
    it('ends with her employment, and whoever comes back signs in anew', async () => {
      const cookie = await signIn()
      await core.setAccess(vera, { endsMs: core.nowMs() + minuteMs })
      expect(await statusOf(cookie)).toBe(200)
      core.pass(minuteMs)
      expect(await statusOf(cookie)).toBe(401)
      await core.setAccess(vera, {})
      const { personId } = vera
      const suspend = { personId, status: 'suspended', by: 'kit' } as const
      await core.needs.perform(() => revokePerson(suspend, core.needs))
      await sweepConsoleSessions(core.needs.store, core.needs.nowMs())
      await core.needs.perform(() =>
        changePerson({ personId, isActive: true, by: 'kit' }, core.needs),
      )
      expect(await statusOf(cookie)).toBe(401)
    })
    it('is not made to last by a clock that is set back', async () => {
      const cookie = await signIn()
      core.pass(-5 * minuteMs)
      expect(await statusOf(cookie)).toBe(200)
      core.pass(-consoleIdleMs)
      expect(await statusOf(cookie)).toBe(401)
    })
    it('is not kept awake by what another site sends', async () => {
      const cookie = await signIn()
      core.pass(consoleIdleMs - minuteMs)
      expect(await statusOf(cookie, undefined, { 'sec-fetch-site': 'cross-site' })).toBe(403)
      core.pass(2 * minuteMs)
      expect(await statusOf(cookie)).toBe(401)
    })
    it('is kept as a hash, and nothing of it is in the log or the record', async () => {
      const cookie = await signIn()
      const secret = cookie.split('=')[1] ?? ''
      const rows = await core.needs.db.selectFrom('console_session').selectAll().execute()
      const said = [...lines, JSON.stringify(rows), JSON.stringify(await core.record())].join()
      expect(secret).toHaveLength(43)
      expect(said).not.toContain(secret)
      expect(said).not.toMatch(/Okonkwo|N-4711/)
    })
  })

  it('asks the store for no more sessions of one address than anybody needs', async () => {
    const cookie = `wardkey_console=${'A'.repeat(43)}`
    const statuses = new Set<number>()
    for (let n = 0; n < 1210; n++) statuses.add(await statusOf(cookie))
    expect([...statuses]).toEqual([401, 429])
  })
  it('grows tired of sign-ins from one address', async () => {
    const statuses = []
    for (let n = 0; n < 24; n++) {
      statuses.push((await visitor().once(`${port.url}/console/sign-in`)).status)
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
  })
})
