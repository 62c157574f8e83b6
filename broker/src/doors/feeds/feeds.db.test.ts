// Door and alarm events of other systems, by each way in: into the record once, as whose they are;
// and what does not come in.

import { createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adminTokenFor, openAdminDoor } from '../../../../test/kit/admin-door.ts'
import { openCore, silentLog } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'
import { feedSettings } from '../../platform/setting-rows/feed-settings.ts'
import type { FeedOf } from '../../platform/setting-rows/feed-settings.ts'
import { FeedDesk } from './feed-desk.ts'
import { registerFeeds } from './feed-door.ts'
import { openSyslogListener } from './syslog-listener.ts'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const usual = {
  fields: {
    ...{ badge: 'uid', staffNumber: 'employee', door: 'reader', direction: 'dir' },
    ...{ time: 'when', id: 'id', type: 'type' },
  },
  doors: { 'ICU-EAST': { zone: 'icu' } },
  alarms: { FORCED: 'forced-open' },
}
const hmac = { signature: 'X-Signature', timestamp: 'X-Time', prefix: 'sha256=' }

describe.each(engines)('feeds on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let rosa: KitPerson
  let desk: FeedDesk
  let door: FastifyInstance
  let counted: string[]

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('icu')
    rosa = await core.addPerson({ staffNumber: 'n-4711' })
    counted = []
    const settings = feedSettings.parse([
      { ...usual, name: 'doors', kind: 'webhook' },
      { ...usual, name: 'old', kind: 'webhook', hmac },
      { ...usual, name: 'shelf', kind: 'list' },
    ])
    desk = new FeedDesk(settings, {
      ...core.needs,
      onEvent: (feed, outcome) => counted.push(`${feed} ${outcome}`),
    })
    door = Fastify()
    const secrets = new Map([
      ['doors', secret],
      ['old', secret],
    ])
    const times = { nowMs: () => core.nowMs(), monotonicMs: () => 0 }
    await registerFeeds(door, { desk, secrets, ...times, log: silentLog })
  })
  afterEach(async () => {
    if (!isHere) return
    await door.close()
    await core.close()
  })

  const event = (change: object = {}) => ({
    ...{ uid: rosa.card.canonical, reader: 'ICU-EAST', dir: 'in', id: 'e-1' },
    ...{ when: core.nowMs(), ...change },
  })
  const signed = (body: string, at = new Date(), key = secret) => ({
    'webhook-id': 'w-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign('w-1', at, body),
  })
  const post = (feed: string, body: string, headers: Record<string, string>) =>
    door.inject({ method: 'POST', url: `/feeds/v1/${feed}`, headers, body })
  const told = async () => (await core.record()).filter(({ code }) => /^(PRE|ALM)-/.test(code))

  it('are facts of whose badge it was, once, by a signed webhook', async () => {
    const body = JSON.stringify([
      event(),
      event({ id: 'e-2', uid: undefined, employee: 'N-4711', dir: 'out' }),
      event({ id: 'e-3', uid: '04ffffffff0001' }),
      event({ id: 'e-4', type: 'FORCED' }),
      event({ id: 'e-5', reader: 'CELLAR' }),
    ])
    const first = await post('doors', body, signed(body))
    expect([first.statusCode, first.json()]).toEqual([
      200,
      { taken: 4, repeated: 0, ignored: 0, unmapped: [{ at: 4, why: 'door' }] },
    ])
    const again = await post('doors', body, signed(body))
    expect(again.json()).toMatchObject({ taken: 0, repeated: 4 })
    const by = 'feed doors'
    expect(await told()).toMatchObject([
      { code: 'PRE-002', person: rosa.personId, badge: rosa.badgeId, zone: 'icu', fields: { by } },
      { code: 'PRE-002', person: rosa.personId, fields: { direction: 'out', by } },
      { code: 'PRE-101', fields: { door: 'ICU-EAST', by } },
      { code: 'ALM-001', zone: 'icu', fields: { alarm: 'forced-open', door: 'ICU-EAST', by } },
    ])
    expect(JSON.stringify(await told())).not.toMatch(/04ffffffff0001|4711/)
    expect(desk.list()[0]).toMatchObject({
      counts: { taken: 4, repeated: 4, unmapped: 2 },
      unmapped: [{ why: 'door', what: 'CELLAR', count: 2 }],
    })
    expect(counted.filter((one) => one === 'doors taken')).toHaveLength(4)
  })

  it('tell screens that are open elsewhere, and only what is fresh', async () => {
    const there = await core.addWorkstation('icu')
    await core.signIn(there, rosa)
    const away = () => core.notices.filter(({ kind }) => kind === 'to-workstation').length
    const before = away()
    await desk.take('shelf', [event({ id: 'late', dir: 'out', when: core.nowMs() - 120_000 })])
    expect(away()).toBe(before)
    await desk.take('shelf', [event({ id: 'now', dir: 'out' })])
    expect(away()).toBe(before + 1)
  })

  it('come by a sender with headers of its own', async () => {
    const body = JSON.stringify(event())
    const send = (time: string, prefix = 'sha256=', text = body) => {
      const key = Buffer.from(secret.slice(6), 'base64')
      const hex = createHmac('sha256', key).update(`${time}.${body}`).digest('hex')
      return post('old', text, { 'x-time': time, 'x-signature': `${prefix}${hex}` })
    }
    const now = String(Math.floor(core.nowMs() / 1000))
    expect((await send(now)).statusCode).toBe(200)
    const old = String(Math.floor(core.nowMs() / 1000) - 301)
    for (const refused of [send(old), send('soon'), send(now, ''), send(now, 'sha256=', '{}')]) {
      expect((await refused).statusCode).toBe(401)
    }
  })

  it('refuses/what nobody signed, what is old, what is changed, and what is no feed', async () => {
    const body = JSON.stringify(event())
    const other = `whsec_${randomBytes(32).toString('base64')}`
    const refused = [
      post('doors', body, {}),
      post('doors', body, signed(body, new Date(), other)),
      post('doors', body, signed(body, new Date(Date.now() - 600_000))),
      post('doors', body.replace('in', 'out'), signed(body)),
      post('shelf', body, signed(body)),
      post('nobody', body, signed(body)),
    ]
    for (const one of refused) expect((await one).statusCode).toBe(401)
    for (const text of ['hello', '[1]', '']) {
      expect((await post('doors', text, signed(text))).statusCode).toBe(400)
    }
    const large = JSON.stringify({ a: 'x'.repeat(300_000) })
    expect((await post('doors', large, signed(large))).statusCode).toBe(413)
    expect(await told()).toEqual([])
  })

  it('refuses/to be guessed without end', async () => {
    const statuses = new Set<number>()
    for (let n = 0; n < 25; n++) statuses.add((await post('doors', '{}', {})).statusCode)
    expect([...statuses]).toEqual([401, 429])
  })

  it('are taken by token too, and shown with what the table lacks', async () => {
    const admin = await openAdminDoor(core, { feeds: desk })
    const token = await adminTokenFor(core, ['presence:write', 'streams:read'])
    const headers = { authorization: `Bearer ${token}` }
    const ask = (name: string, events: unknown) =>
      admin.inject({
        ...{ method: 'POST', url: `/admin/v1/feeds/${name}/events`, headers },
        payload: { events },
      })
    expect((await ask('shelf', [event(), event({ dir: 'up', id: 'x' })])).json()).toEqual({
      ...{ taken: 1, repeated: 0, ignored: 0, unmapped: [{ at: 1, why: 'direction' }] },
    })
    expect((await ask('nobody', [event()])).statusCode).toBe(404)
    expect((await ask('shelf', [])).statusCode).toBe(400)
    const page = await admin.inject({ method: 'GET', url: '/admin/v1/feeds', headers })
    expect(page.json()).toMatchObject({
      feeds: [{}, {}, { name: 'shelf', counts: { taken: 1, unmapped: 1 } }],
    })
    await admin.close()
  })

  it('come by syslog over TLS from who has a certificate, and from nobody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-feed-'))
    const authority = await ThrowAwayAuthority.make()
    const stranger = await (await ThrowAwayAuthority.make()).identity()
    const server = await authority.server(['localhost'])
    const client = await authority.identity()
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, { mode: 0o600 })
      return join(folder, name)
    }
    const [setting] = feedSettings.parse([
      {
        ...{ ...usual, name: 'shelf', kind: 'syslog', host: '127.0.0.1', port: 0 },
        certFile: file('server.pem', server.chainPem),
        keyFile: file('server.key', server.keyPem),
        caFile: file('ca.pem', authority.caPem),
      },
    ])
    const listener = await openSyslogListener(setting as FeedOf<'syslog'>, { desk, log: silentLog })
    const sent = async (text: string, who?: { certificatePem: string; keyPem: string }) => {
      const socket = connect({
        ...{ host: 'localhost', port: listener.port, ca: authority.caPem },
        ...(who ? { cert: who.certificatePem, key: who.keyPem } : {}),
      })
      socket.on('error', () => undefined)
      socket.on('secureConnect', () => socket.end(text))
      socket.resume()
      await new Promise((resolve) => socket.once('close', resolve))
    }
    const message = (id: string) => `<13>1 - acs doors - - - ${JSON.stringify(event({ id }))}`
    const counted = (text: string) => `${String(Buffer.byteLength(text))} ${text}`
    await sent(counted(message('s-1')))
    await sent(counted(message('s-2')), stranger)
    expect(await told()).toEqual([])
    await sent(counted(message('s-3')) + counted(message('s-4')), client)
    await sent(`${counted(message('s-4'))}GET / HTTP/1.1\n`, client)
    await expect
      .poll(() => desk.list()[2]?.counts, { timeout: 20_000 })
      .toMatchObject({ taken: 2, repeated: 1 })
    expect(await told()).toHaveLength(2)
    await listener.close()
    rmSync(folder, { recursive: true })
  })
})
