// Compliance is told at once, signed and without names or notes; again where it could not be; and
// once where several brokers could. With a real receiver and a real mail server on loopback.

import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createServer as createTcp } from 'node:net'
import type { Server as TcpServer } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore, silentLog, usualPin } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { claimNotice, dueNotices } from '../../flows/compliance-notice-row.ts'
import type { NoticeAbout } from '../../flows/compliance-notice-row.ts'
import { toldGrant } from '../../flows/told-grant.ts'
import { parsePrivateAddresses } from '../oidc/outgoing.ts'
import { ComplianceDesk } from './compliance-desk.ts'
import type { ComplianceDeskNeeds } from './compliance-desk.ts'
import { grantText } from './notice-text.ts'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const note = 'Bett 7, kein Puls'

interface Received {
  readonly headers: Record<string, string>
  readonly body: string
}

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe.each(engines)('compliance on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let anna: KitPerson
  let receiver: Server
  let url: string
  let received: Received[]
  let status: number
  let grantId: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    received = []
    status = 204
    receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const
        const headers = names.map((name) => [name, String(request.headers[name])])
        received.push({ headers: Object.fromEntries(headers) as Record<string, string>, body })
        response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end()
      })
    })
    url = `http://127.0.0.1:${String(await listen(receiver))}/compliance`
    core = await openCore({ open, channels: ['webhook'] })
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    const here = await core.addWorkstation('pharmacy')
    anna = await core.addPerson()
    const id = core.newTapId()
    await core.breakGlass(here, anna, { id, note })
    expect(await core.pin(here, id, usualPin)).toMatchObject({ kind: 'admitted' })
    grantId =
      (await core.store.read.selectFrom('emergency_grant').selectAll().execute())[0]?.id ?? ''
  })
  afterEach(async () => {
    if (!isHere) return
    receiver.closeAllConnections()
    await new Promise((resolve) => receiver.close(resolve))
    await core.record()
    await core.close()
  })

  const tellOf = (isNamed: boolean) => async (about: NoticeAbout) => {
    const told =
      about.kind === 'grant' ? await toldGrant(about.grantId, isNamed, core.needs) : undefined
    return told && grantText(told)
  }
  const deskOf = (change: Partial<ComplianceDeskNeeds> = {}) =>
    new ComplianceDesk({
      ...core.needs,
      log: silentLog,
      chance: () => 0.5,
      tell: tellOf(false),
      webhook: { url, secret, privateAddresses: parsePrivateAddresses(['127.0.0.1']) },
      mail: undefined,
      ...change,
    })
  const tell = async (desk = deskOf()): Promise<void> => {
    desk.wake()
    await desk.idle()
  }
  const verified = ({ headers, body }: Received): unknown =>
    // The kit's clock is not today's: the signature is checked, its age is the receiver's affair.
    new Webhook(secret).verify(body, { ...headers, ...signedNow(headers, body) })
  const signedNow = (headers: Record<string, string>, body: string): Record<string, string> => {
    const at = new Date(Number(headers['webhook-timestamp']) * 1000)
    const id = headers['webhook-id'] ?? ''
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(id, at, body))
    const now = new Date()
    const timestamp = String(Math.floor(now.getTime() / 1000))
    const signature = new Webhook(secret).sign(id, now, body)
    return { 'webhook-timestamp': timestamp, 'webhook-signature': signature }
  }

  it('is told once, signed, where and what for, and neither who nor the note', async () => {
    await tell()
    await tell()
    expect(received).toHaveLength(1)
    const [first] = received
    expect(first && verified(first)).toMatchObject({
      type: 'wardkey.emergency-access.given',
      data: {
        grantId,
        reason: 'patient-in-danger',
        purpose: 'BTG',
        witnessed: false,
        offline: false,
      },
    })
    expect(first?.body).toContain(`wardkey-broker break-glass show ${grantId}`)
    expect(first?.body).not.toMatch(/Santos|Rosa|kein Puls/)
    expect((await core.counts())['BTG-005']).toBe(1)
  })

  it('is told by name where settings allow it', async () => {
    await tell(deskOf({ tell: tellOf(true) }))
    expect(received[0]?.body).toContain('Rosa Santos')
  })

  it.each([500, 404, 302])('that answers %i is told again, under the same id', async (answer) => {
    status = answer
    await tell()
    await tell()
    // Not at once again.
    expect(received).toHaveLength(1)
    status = 200
    core.pass(41_000)
    await tell()
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([
      received[0]?.headers['webhook-id'],
      received[0]?.headers['webhook-id'],
    ])
    const counts = await core.counts()
    expect([counts['BTG-103'], counts['BTG-005']]).toEqual([1, 1])
  })

  it('that is away for hours is told within a minute, and the record not filled', async () => {
    const { port } = new URL(url)
    receiver.closeAllConnections()
    await new Promise((resolve) => receiver.close(resolve))
    const desk = deskOf()
    for (let n = 0; n < 40; n++) {
      await tell(desk)
      core.pass(41_000)
    }
    await new Promise<void>((resolve) => receiver.listen(Number(port), '127.0.0.1', resolve))
    core.pass(41_000)
    await tell(desk)
    expect(received).toHaveLength(1)
    // After 1, 2, 4, 8, 16 and 32.
    expect((await core.counts())['BTG-103']).toBe(6)
  })

  it('is told what a broker had claimed that died', async () => {
    const [due] = await dueNotices(core.needs.db, core.nowMs(), 9)
    if (!due) throw new Error('nothing is due')
    const claim = claimNotice(core.needs.db, due, core.nowMs() + 20_000)
    await core.store.commit({ kind: 'housekeeping', writes: [claim] })
    await tell()
    expect(received).toEqual([])
    core.pass(20_000)
    await tell()
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([due.id])
  })

  it('is told once by two brokers', async () => {
    const [one, two] = [deskOf(), deskOf()]
    one.wake()
    two.wake()
    await Promise.all([one.idle(), two.idle()])
    expect(received).toHaveLength(1)
  })

  it.each([
    ['that settings do not list', () => url],
    ['behind a name', () => url.replace('127.0.0.1', 'localhost')],
    ['written another way', () => url.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
  ])('refuses/is not told at a private address %s', async (_name, address) => {
    const privateAddresses = parsePrivateAddresses([])
    await tell(deskOf({ webhook: { url: address(), secret, privateAddresses } }))
    expect(received).toEqual([])
    const [refused] = (await core.record()).filter(({ code }) => code === 'BTG-103')
    expect(refused?.['fields']).toMatchObject({ reason: 'private-address', purpose: 'BTG' })
  })

  it('is told by mail, with no more than it needs', async () => {
    const lines: string[] = []
    const server = createTcp((socket) => {
      let isBody = false
      socket.write('220 mail.example\r\n')
      socket.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
          lines.push(line)
          if (isBody && line !== '.') continue
          const isEnd = isBody && line === '.'
          if (line === 'DATA') socket.write('354 go on\r\n')
          else if (line === 'QUIT') socket.end('221 bye\r\n')
          else socket.write('250 ok\r\n')
          isBody = line === 'DATA' || (isBody && !isEnd)
        }
      })
    })
    const port = await listen(server)
    const mail = {
      ...({ host: '127.0.0.1', port, tls: 'none', account: undefined } as const),
      from: 'wardkey@hospital.example',
      to: ['privacy@hospital.example'],
    }
    await core.store.commit({
      kind: 'housekeeping',
      writes: [
        {
          query: core.store.read
            .updateTable('compliance_notice')
            .set({ channel: 'mail' })
            .compile(),
        },
      ],
    })
    await tell(deskOf({ webhook: undefined, mail }))
    await new Promise((resolve) => server.close(resolve))
    const text = lines.join('\n')
    expect(text).toContain('RCPT TO:<privacy@hospital.example>')
    expect(text).toContain('A patient is in danger now')
    expect(text.replaceAll('=\n', '')).toContain(`break-glass show ${grantId}`)
    expect(text).not.toMatch(/Santos|Rosa|kein Puls/)
    expect((await core.counts())['BTG-005']).toBe(1)
  })

  it('refuses/is not told by mail without encryption where it is asked for', async () => {
    const server = createTcp((socket) => {
      socket.write('220 mail.example\r\n')
      socket.on('data', () => socket.write('250 ok\r\n'))
      socket.on('error', () => undefined)
    })
    const port = await listen(server)
    const mail = {
      ...({ host: '127.0.0.1', port, tls: 'starttls', account: undefined } as const),
      from: 'wardkey@hospital.example',
      to: ['privacy@hospital.example'],
    }
    await core.store.commit({
      kind: 'housekeeping',
      writes: [
        {
          query: core.store.read
            .updateTable('compliance_notice')
            .set({ channel: 'mail' })
            .compile(),
        },
      ],
    })
    await tell(deskOf({ webhook: undefined, mail }))
    server.close()
    expect((await core.counts())['BTG-103']).toBe(1)
  })
})
