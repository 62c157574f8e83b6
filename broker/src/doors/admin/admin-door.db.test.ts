// The admin door on a real store: who may do what, what is done once, what is written down about
// it, and that nothing it says gives anything away.

import { randomBytes } from 'node:crypto'
import type { FastifyInstance, InjectOptions } from 'fastify'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { adminPath, scopes } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { problem } from '@wardkey/protocol/admin/problem'
import { adminTokenFor, openAdminDoor } from '../../../../test/kit/admin-door.ts'
import { openCore, usualPin } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { makeAdminToken } from '../../flows/admin-tokens.ts'
import { Fault } from '../../platform/fault.ts'
import type { AdminNeeds } from './admin-needs.ts'

const nobody = '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55'
const idOf = (body: unknown): string => z.object({ personId: z.string() }).parse(body).personId
const rosa = { name: { given: 'Rosa', family: 'Santos' }, roles: ['nurse'] }

describe.each(engines)('the admin door on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let token: string
  let lines: string[]
  let monotonicMs: number

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    lines = []
    monotonicMs = 0
    fastify = await door({})
    token = await tokenFor(scopes)
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  function door(change: Partial<AdminNeeds>): Promise<FastifyInstance> {
    const note = (event: string, fields: object): void => {
      lines.push(JSON.stringify({ event, ...fields }))
    }
    const log = { info: note, warn: note, error: note }
    return openAdminDoor(core, { log, monotonicMs: () => monotonicMs, ...change })
  }

  const tokenFor = (allowed: readonly Scope[]): Promise<string> => adminTokenFor(core, allowed)

  interface Asked {
    readonly body?: unknown
    readonly as?: string
    readonly key?: string
    readonly headers?: Record<string, string>
  }
  async function ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, asked: Asked = {}) {
    const options: InjectOptions = {
      method,
      url: `${adminPath}${path}`,
      headers: {
        authorization: `Bearer ${asked.as ?? token}`,
        ...(asked.key === undefined ? {} : { 'idempotency-key': asked.key }),
        ...asked.headers,
      },
      ...(asked.body === undefined ? {} : { payload: asked.body as string | object }),
    }
    const response = await fastify.inject(options)
    const body: unknown = response.body === '' ? null : response.json()
    if (response.statusCode >= 400) {
      expect(response.headers['content-type']).toContain('application/problem+json')
      problem.parse(body)
    }
    return { status: response.statusCode, body, headers: response.headers, text: response.body }
  }
  const add = async (): Promise<string> => idOf((await ask('POST', '/people', { body: rosa })).body)
  const facts = async (code: string) =>
    (await core.record()).filter((fact) => fact.code === code).map((fact) => JSON.stringify(fact))

  describe('emergency access', () => {
    const breakGlass = async (): Promise<{ grantId: string; personId: string }> => {
      await core.addZone('pharmacy', { roles: ['pharmacist'] })
      const here = await core.addWorkstation('pharmacy')
      const who = await core.addPerson()
      const id = core.newTapId()
      await core.breakGlass(here, who, { id, note: 'called over' })
      await core.pin(here, id, usualPin)
      const { body } = await ask('GET', '/break-glass?open=true')
      const page = z.object({ grants: z.array(z.looseObject({ grantId: z.string() })) })
      const [grant] = page.parse(body).grants
      return { grantId: grant?.grantId ?? '', personId: who.personId }
    }
    const review = { outcome: 'appropriate', note: 'Asked the ward.' }

    it('is listed, shown and reviewed once, and looking at it is written down', async () => {
      const { grantId, personId } = await breakGlass()
      const path = `/break-glass/${grantId}`
      expect((await ask('GET', path)).body).toMatchObject({ personId, note: 'called over' })
      expect((await ask('POST', `${path}/review`, { body: review })).status).toBe(204)
      const again = await ask('POST', `${path}/review`, { body: review })
      expect(again).toMatchObject({ status: 409, body: { code: 'review-closed' } })
      expect((await ask('GET', path)).body).toMatchObject({
        outcome: 'appropriate',
        review: { by: 'token kit', note: 'Asked the ward.' },
      })
      expect((await ask('GET', '/break-glass?open=true')).body).toEqual({ grants: [] })
      expect((await ask('GET', '/break-glass/patterns?days=7')).body).toMatchObject({ days: 7 })
      expect((await facts('BTG-006'))[0]).toContain('"by":"token kit"')
      expect((await facts('ADM-001')).join()).toContain('break-glass.show')
    })
    it.each([
      ['no outcome', { note: 'x' }],
      ['an outcome that is none', { ...review, outcome: 'fine' }],
      ['no note', { outcome: 'appropriate' }],
      ['an empty note', { ...review, note: '  ' }],
      ['a note that turns text round', { ...review, note: 'x\u202ey' }],
    ])('refuses a review with %s', async (_name, body) => {
      const { grantId } = await breakGlass()
      expect((await ask('POST', `/break-glass/${grantId}/review`, { body })).status).toBe(400)
    })
    it('refuses a review to who may only read, and one of nothing', async () => {
      const { grantId } = await breakGlass()
      const as = await tokenFor(['emergency:read'])
      const path = `/break-glass/${grantId}`
      expect((await ask('GET', path, { as })).status).toBe(200)
      expect((await ask('POST', `${path}/review`, { as, body: review })).status).toBe(403)
      expect((await ask('POST', `/break-glass/${nobody}/review`, { body: review })).status).toBe(
        404,
      )
      expect((await ask('GET', `/break-glass/${nobody}`)).status).toBe(404)
    })
    it('knows people by a staff number that only one of them has', async () => {
      const numbered = { ...rosa, staffNumber: 'N-47Z1' }
      const person = idOf((await ask('POST', '/people', { body: numbered })).body)
      expect((await ask('GET', `/people/${person}`)).body).toMatchObject({ staffNumber: 'N-47Z1' })
      const taken = await ask('POST', '/people', { body: { ...rosa, staffNumber: 'n-47z1' } })
      expect(taken).toMatchObject({ status: 409, body: { code: 'staff-number-taken' } })
      const path = `/people/${person}`
      expect((await ask('PATCH', path, { body: { staffNumber: null } })).status).toBe(204)
      expect((await ask('GET', path)).body).not.toHaveProperty('staffNumber')
      expect(JSON.stringify(await core.record()).toLowerCase()).not.toContain('47z1')
    })
  })

  describe('people', () => {
    it('are added, shown, changed and revoked, and the record says by whom', async () => {
      const person = await add()
      expect((await ask('GET', `/people/${person}`)).body).toEqual({
        personId: person,
        ...rosa,
        status: 'active',
        pin: 'none',
        badges: 0,
      })
      const change = { roles: ['nurse', 'charge-nurse'] }
      expect((await ask('PATCH', `/people/${person}`, { body: change })).status).toBe(204)
      const revoke = { body: { status: 'suspended' } }
      expect((await ask('POST', `/people/${person}/revocation`, revoke)).body).toEqual({
        sessions: 0,
      })
      expect((await ask('GET', '/people')).body).toMatchObject({
        people: [{ personId: person, status: 'suspended', roles: change.roles }],
      })
      for (const code of ['PER-001', 'PER-002', 'PER-003']) {
        expect((await facts(code))[0]).toContain('"by":"token kit"')
      }
    })
    it('are listed a page at a time', async () => {
      for (let n = 0; n < 5; n++) await add()
      const first = await ask('GET', '/people?limit=3')
      const page = z.object({ people: z.array(z.unknown()).length(3), next: z.string() })
      const { next } = page.parse(first.body)
      const second = await ask('GET', `/people?limit=3&after=${next}`)
      expect(second.body).toMatchObject({ people: [{}, {}] })
      expect(second.body).not.toHaveProperty('next')
    })
    it('cannot be looked at without that being written down first', async () => {
      const person = await add()
      await ask('GET', '/people')
      await ask('GET', `/people/${person}`)
      await ask('GET', `/people/${person}/badges`)
      await ask('GET', '/sessions')
      const looks = (await facts('ADM-001')).join('\n')
      for (const action of ['people.list', 'people.show', 'badges.list', 'sessions.list']) {
        expect(looks).toContain(`"action":"${action}"`)
      }
      expect(looks).not.toContain('Santos')
    })
    it('are where they tapped in', async () => {
      const here = await core.addWorkstation('4-west')
      const who = await core.addPerson()
      const sessionId = await core.signIn(here, who)
      expect((await ask('GET', '/sessions')).body).toMatchObject({
        sessions: [{ sessionId, personId: who.personId, workstationId: here, state: 'open' }],
      })
      expect((await ask('GET', `/people/${who.personId}`)).body).toMatchObject({
        pin: 'set',
        session: { sessionId },
      })
      const as = await tokenFor(['people:read'])
      const { body } = await ask('GET', `/people/${who.personId}`, { as })
      expect(body).not.toHaveProperty('session')
    })
  })

  describe('a PIN', () => {
    it('is set and opens, and is nowhere to be read', async () => {
      const person = await add()
      const put = await ask('PUT', `/people/${person}/pin`, { body: { pin: usualPin } })
      expect([put.status, put.text]).toEqual([204, ''])
      const tables = ['pin', 'request', 'fact', 'tap'] as const
      const rows = await Promise.all(
        tables.map((table) => core.store.read.selectFrom(table).selectAll().execute()),
      )
      const dump = JSON.stringify(rows, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      )
      expect(dump).not.toContain(usualPin)
      expect(lines.join()).not.toContain(usualPin)
    })
    it.each([
      ['1234', 422, 'pin-length'],
      ['12345678', 422, 'pin-guessable'],
      ['123', 400, 'request-not-understood'],
      ['4826173a', 400, 'request-not-understood'],
    ])('like %s is refused without being repeated', async (pin, status, code) => {
      const answer = await ask('PUT', `/people/${await add()}/pin`, { body: { pin } })
      expect(answer).toMatchObject({ status, body: { code } })
      expect(answer.text).not.toContain(pin)
    })
  })

  describe('a badge', () => {
    const card = { technology: 'csn', canonical: '04a1b2c3d4e580' }
    it('is enrolled once, shown with its number, lost and found', async () => {
      const person = await add()
      const enrolled = await ask('POST', `/people/${person}/badges`, { body: { card } })
      const { badgeId } = z.object({ badgeId: z.string() }).parse(enrolled.body)
      const again = await ask('POST', `/people/${await add()}/badges`, { body: { card } })
      expect(again).toMatchObject({ status: 409, body: { code: 'badge-taken' } })
      expect((await ask('PATCH', `/badges/${badgeId}`, { body: { status: 'lost' } })).status).toBe(
        204,
      )
      expect((await ask('GET', `/people/${person}/badges`)).body).toMatchObject({
        badges: [{ badgeId, number: card.canonical, status: 'lost' }],
      })
    })
    it.each([
      ['08a1b2c3', 'badge-random-id'],
      ['00000000', 'badge-not-an-id'],
    ])('with the number %s is refused', async (canonical, code) => {
      const body = { card: { technology: 'csn', canonical } }
      const answer = await ask('POST', `/people/${await add()}/badges`, { body })
      expect(answer).toMatchObject({ status: 422, body: { code } })
    })
  })

  describe('a door of the building', () => {
    const door = (change: object = {}) => ({
      card: { technology: 'csn', canonical: '04ffffffffff01' },
      ...{ direction: 'out', zoneId: '4-west', door: 'Ward 4 West, main', atMs: core.nowMs() },
      ...change,
    })

    it('that she went out by tells her screen once, by a token for just that', async () => {
      const here = await core.addWorkstation('4-west')
      const who = await core.addPerson()
      const sessionId = await core.signIn(here, who)
      await core.needs.perform.idle()
      core.notices.length = 0
      const as = await tokenFor(['presence:write'])
      const asked = { as, key: 'door-2026-11-26-0001', body: door({ card: who.card }) }
      const told = await ask('POST', '/presence/doors', asked)
      expect(told).toMatchObject({ status: 200, body: { screensTold: 1 } })
      expect((await ask('POST', '/presence/doors', asked)).body).toEqual(told.body)
      await core.needs.perform.idle()
      const frame = { kind: 'evidence', evidence: 'door', isNear: false, sessionId }
      expect(core.notices).toMatchObject([{ kind: 'to-workstation', workstationId: here, frame }])
      const noted = await facts('PRE-002')
      expect(noted).toHaveLength(1)
      expect(noted[0]).toContain('"by":"token kit"')
    })
    it('that nobody’s card opened tells nobody, and keeps no number', async () => {
      const body = door()
      const told = await ask('POST', '/presence/doors', { body })
      expect(told).toMatchObject({ status: 200, body: { screensTold: 0 } })
      expect((await facts('PRE-101')).join()).toContain('"screensTold":0')
      expect(told.text + (await facts('PRE-101')).join()).not.toContain('04ffffffffff01')
    })
    it.each([
      ['no card', { card: undefined }],
      ['a card that is none', { card: { technology: 'csn', canonical: 'x' } }],
      ['a way that is none', { direction: 'through' }],
      ['a zone that is none', { zoneId: 'Four West' }],
      ['a door that turns text round', { door: 'x\u202ey' }],
      ['no time', { atMs: undefined }],
      ['a time that is none', { atMs: -1 }],
      ['whose it is', { personId: nobody }],
    ])('refuses/a word with %s', async (_what, change) => {
      const told = await ask('POST', '/presence/doors', { body: door(change) })
      expect(told).toMatchObject({ status: 400, body: { code: 'request-not-understood' } })
      expect([...(await facts('PRE-002')), ...(await facts('PRE-101'))]).toEqual([])
    })
    it('refuses/a word of who may do all but that', async () => {
      const as = await tokenFor(scopes.filter((scope) => scope !== 'presence:write'))
      expect((await ask('POST', '/presence/doors', { as, body: door() })).status).toBe(403)
      expect([...(await facts('PRE-002')), ...(await facts('PRE-101'))]).toEqual([])
    })
  })

  describe('workstations and zones', () => {
    it('are listed without a fact: they are nobody', async () => {
      const id = await core.addWorkstation('4-west')
      const before = (await core.record()).length
      expect((await ask('GET', '/workstations')).body).toMatchObject({
        workstations: [{ workstationId: id, zoneId: '4-west', status: 'active' }],
      })
      expect((await ask('GET', '/zones')).body).toMatchObject({
        zones: [{ zoneId: '4-west', rules: { roles: ['nurse'], pin: 'grace' } }],
      })
      expect((await core.record()).length).toBe(before)
    })
    it('are told apart by whether they are connected', async () => {
      const id = await core.addWorkstation('4-west')
      await fastify.close()
      const connection = { agentVersion: '0.1.0', reader: 'unplugged', browser: 'ready' }
      fastify = await door({ connectionOf: (asked) => (asked === id ? connection : undefined) })
      expect((await ask('GET', '/workstations')).body).toMatchObject({
        workstations: [{ connection }],
      })
    })
    it('are revoked', async () => {
      const id = await core.addWorkstation('4-west')
      await core.signIn(id, await core.addPerson())
      expect((await ask('POST', `/workstations/${id}/revocation`)).body).toEqual({ sessions: 1 })
      expect(core.notices.at(-1)).toMatchObject({ kind: 'workstation-changed', isRevoked: true })
    })
  })

  describe('an Idempotency-Key', () => {
    const key = 'import-2026-row-0001'
    it('does a thing once, however often it is asked', async () => {
      const asked = { body: rosa, key }
      const all = await Promise.all(Array.from({ length: 6 }, () => ask('POST', '/people', asked)))
      const later = await ask('POST', '/people', asked)
      expect(new Set([...all, later].map(({ body }) => idOf(body))).size).toBe(1)
      expect((await facts('PER-001')).length).toBe(1)
    })
    it('stands for one request only', async () => {
      await ask('POST', '/people', { body: rosa, key })
      const other = { ...rosa, roles: ['physician'] }
      expect(await ask('POST', '/people', { body: other, key })).toMatchObject({
        status: 409,
        body: { code: 'key-used' },
      })
    })
    it('is each caller’s own', async () => {
      await ask('POST', '/people', { body: rosa, key })
      const order = { name: 'other', scopes }
      const made = makeAdminToken(order, { ...core.needs, random: randomBytes })
      const as = (await core.needs.perform(() => Promise.resolve(made))).answer.token
      await ask('POST', '/people', { body: rosa, key, as })
      expect((await facts('PER-001')).length).toBe(2)
    })
    it('never keeps a secret: a token is told once', async () => {
      const asked = { body: { zoneId: '4-west' }, key }
      const first = await ask('POST', '/enrolment-tokens', asked)
      const minted = z.object({ token: z.string().regex(/^wke_/) }).parse(first.body)
      expect(first.body).toMatchObject({ caSha256: 'c'.repeat(64) })
      expect(await ask('POST', '/enrolment-tokens', asked)).toMatchObject({
        status: 409,
        body: { code: 'key-used' },
      })
      const kept = JSON.stringify(await core.store.read.selectFrom('request').selectAll().execute())
      expect(kept).not.toContain(minted.token.slice(4))
      expect((await facts('WKS-006')).length).toBe(1)
    })
    it('keeps a no as well', async () => {
      const asked = { body: { zoneId: 'nowhere' }, key }
      expect((await ask('POST', '/enrolment-tokens', asked)).status).toBe(404)
      await core.addZone('nowhere')
      expect((await ask('POST', '/enrolment-tokens', asked)).status).toBe(404)
    })
    it.each(['short', 'x'.repeat(129), 'with white space'])('like %j is refused', async (bad) => {
      expect((await ask('POST', '/people', { body: rosa, key: bad })).status).toBe(400)
    })
  })

  describe('the record', () => {
    it('is shown a page at a time, by code and by person', async () => {
      const person = await add()
      await add()
      const mine = await ask('GET', `/record/facts?personId=${person}`)
      expect(mine.body).toMatchObject({ facts: [{ code: 'PER-001', body: { person } }] })
      const added = await ask('GET', '/record/facts?code=PER-001&limit=1')
      const { next } = z
        .object({ facts: z.array(z.unknown()).length(1), next: z.int() })
        .parse(added.body)
      const more = await ask('GET', `/record/facts?code=PER-001&limit=5&from=${String(next)}`)
      expect(more.body).toMatchObject({ facts: [{ code: 'PER-001' }] })
      expect(added.text + more.text).not.toContain('Santos')
    })
    it('says how long it is', async () => {
      await add()
      expect((await ask('GET', '/record')).body).toMatchObject({ facts: 2, key: /^kit/ })
    })
    it('goes out whole, and that it did is in it', async () => {
      await add()
      const exported = await fastify.inject({
        url: `${adminPath}/record/export`,
        headers: { authorization: `Bearer ${token}` },
      })
      expect(exported.headers['content-type']).toBe('application/x-ndjson')
      const kinds = exported.body
        .trim()
        .split('\n')
        .map((line) => z.object({ kind: z.string() }).parse(JSON.parse(line)).kind)
      expect(kinds).toEqual(['header', 'entry', 'entry', 'entry'])
      expect(exported.body).toContain('record.export')
    })
  })

  describe('refuses', () => {
    const paths = async (): Promise<readonly (readonly [string, string])[]> => {
      const doc = z
        .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
        .parse((await ask('GET', '/openapi.json')).body)
      return Object.entries(doc.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
      )
    }
    const filled = (path: string): string =>
      path.replace(adminPath, '').replaceAll(/\{[a-zA-Z]+\}/g, nobody)
    type Method = Parameters<typeof ask>[0]

    it('every address to who has no token, or a token that is none', async () => {
      const all = await paths()
      expect(all.length).toBeGreaterThan(12)
      for (const [method, path] of all) {
        monotonicMs += 60_000
        const as = `wka_${'a'.repeat(43)}`
        const answer = await ask(method as Method, filled(path), { as, body: {} })
        expect([path, answer.status]).toEqual([path, 401])
      }
    })
    it('every address to a token that is for nothing, and remembers that it was tried', async () => {
      const as = await tokenFor([])
      const all = await paths()
      for (const [method, path] of all) {
        monotonicMs += 60_000
        const answer = await ask(method as Method, filled(path), { as, body: {} })
        expect([path, answer.status]).toEqual([path, 403])
      }
      expect((await facts('ADM-101')).length).toBe(all.length)
    })
    it('to change anything with a token for reading', async () => {
      const as = await tokenFor(scopes.filter((scope) => scope.endsWith(':read')))
      // Digits of a badge are looked for and must not be in an address.
      const looks = `${adminPath}/badges/find`
      for (const [method, path] of await paths()) {
        if (method === 'GET' || path === looks) continue
        const answer = await ask(method as Method, filled(path), { as, body: {} })
        expect([method, path, answer.status]).toEqual([method, path, 403])
      }
    })
    it.each([
      ['nothing', ''],
      ['another scheme', 'Basic eDp5'],
      ['two tokens', `Bearer wka_${'a'.repeat(43)} x`],
      ['a long token', `Bearer wka_${'a'.repeat(4000)}`],
      ['an enrolment token', `Bearer wke_${'a'.repeat(43)}`],
    ])('%s as authorization', async (_what, authorization) => {
      const response = await fastify.inject({
        url: `${adminPath}/people`,
        headers: { authorization },
      })
      expect(response.statusCode).toBe(401)
      expect(response.headers['www-authenticate']).toBe('Bearer')
    })
    it('a token whose time is over', async () => {
      const expire = core.store.read.updateTable('admin_token').set({ expires_ms: core.nowMs() })
      await core.store.commit({ kind: 'housekeeping', writes: [{ query: expire.compile() }] })
      expect((await ask('GET', '/zones')).status).toBe(401)
    })
    it('to be guessed at', async () => {
      const as = `wka_${'b'.repeat(43)}`
      const statuses: number[] = []
      for (let n = 0; n < 30; n++) statuses.push((await ask('GET', '/zones', { as })).status)
      expect(statuses.filter((status) => status === 401)).toHaveLength(20)
      expect(statuses.filter((status) => status === 429)).toHaveLength(10)
      // Who has a token is not shut out by somebody who has none.
      expect((await ask('GET', '/zones')).status).toBe(200)
      expect(lines.join()).not.toContain(as)
    })
    it('another path, and another method', async () => {
      expect(await ask('GET', '/nothing')).toMatchObject({
        status: 404,
        body: { code: 'not-found' },
      })
      expect((await ask('PUT', '/people')).status).toBe(404)
    })
    it('ids that are none, and people who are nobody', async () => {
      expect((await ask('GET', '/people/me')).status).toBe(400)
      expect((await ask('GET', `/people/${nobody.toUpperCase()}`)).status).toBe(400)
      expect((await ask('GET', `/people/${nobody}`)).status).toBe(404)
      const lost = { body: { status: 'lost' } }
      expect((await ask('PATCH', `/badges/${nobody}`, lost)).status).toBe(404)
      expect((await ask('POST', `/workstations/${nobody}/revocation`)).status).toBe(404)
    })
    it.each([
      ['no JSON', 'x', 'application/json', 400, 'not-json'],
      ['nothing', '', 'application/json', 400, 'not-json'],
      ['a form', 'a=b', 'application/x-www-form-urlencoded', 415, 'not-json'],
      ['a tab in the type', '{}', 'application/json\t; x', 400, 'request-not-understood'],
      ['too much', `"${'x'.repeat(70_000)}"`, 'application/json', 413, 'too-large'],
      ['a list', '[]', 'application/json', 400, 'request-not-understood'],
      ['null', 'null', 'application/json', 400, 'request-not-understood'],
      ['a prototype', '{"__proto__":{"x":1}}', 'application/json', 400, 'not-json'],
    ])('%s as a body', async (_what, body, type, status, code) => {
      const headers = { 'content-type': type }
      expect(await ask('POST', '/people', { body, headers })).toMatchObject({
        status,
        body: { code },
      })
    })
    it('names that could turn round or hide what is shown', async () => {
      for (const given of ['a\u202eb', 'a\u0000b', ' ', '', 'x'.repeat(61)]) {
        const body = { ...rosa, name: { given, family: 'S' } }
        expect((await ask('POST', '/people', { body })).status).toBe(400)
      }
    })
    it('whatever else is sent anywhere, with a code and without falling over', async () => {
      const changing = (await paths()).filter(([method]) => method !== 'GET')
      const value = fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.constantFrom('active', '4-west', nobody),
      )
      const known = ['name', 'roles', 'pin', 'card', 'status', 'zoneId', 'uses', 'isActive']
      const body = fc.dictionary(fc.constantFrom(...known), value)
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...changing), body, async ([method, path], sent) => {
          const { status } = await ask(method as Method, filled(path), { body: sent })
          expect(status).toBeLessThan(500)
          // What would be reviewed needs no order: nothing is changed by it.
          if (!path.endsWith('/access-reviews/preview')) expect(status).not.toBe(200)
        }),
        { numRuns: 150 },
      )
    })
    it('without a word of what failed inside', async () => {
      await fastify.close()
      const secretly = new Error('select * from person where name = Santos')
      fastify = await door({
        perform: Object.assign(
          () => Promise.reject(new Fault('store-unavailable', 'transient', { cause: secretly })),
          { idle: () => Promise.resolve() },
        ),
      })
      const down = await ask('GET', '/people')
      expect(down).toMatchObject({ status: 503, body: { code: 'store-unavailable' } })
      expect(down.text + lines.join()).not.toContain('Santos')
      await fastify.close()
      fastify = await door({
        perform: Object.assign(() => Promise.reject(secretly), { idle: () => Promise.resolve() }),
      })
      const broken = await ask('GET', '/people')
      expect(broken).toMatchObject({ status: 500, body: { code: 'internal' } })
      expect(broken.text + lines.join()).not.toContain('Santos')
    })
    it('to be framed, sniffed or kept by a browser', async () => {
      const { headers } = await ask('GET', '/zones')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-security-policy']).toContain("frame-ancestors 'self'")
      const shown = await ask('GET', `/people/${await add()}`)
      expect(shown.headers['cache-control']).toBe('no-store')
    })
  })
})
