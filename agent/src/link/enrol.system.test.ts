// Enrolment and renewal against the broker's own door, and against doors that are not a broker's:
// what is told to whom, and what is believed.

import 'reflect-metadata'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { z } from 'zod'
import { ThrowAwayAuthority } from '../../../test/kit/throw-away-authority.ts'
import { enrol, renew } from './enrol.ts'
import type { EnrolRequest } from './enrol.ts'
import { renewalDueMs } from './renewal.ts'

const token = `wke_${'t'.repeat(43)}`
let authority: ThrowAwayAuthority
let stranger: ThrowAwayAuthority
beforeAll(async () => {
  authority = await ThrowAwayAuthority.make()
  stranger = await ThrowAwayAuthority.make()
})

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

interface Heard {
  readonly path: string
  readonly body: unknown
  readonly hasCertificate: boolean
}
type Answer = (body: { csrPem: string }) => Promise<{ status?: number; text: string }>

/** A door that answers as it is told, and remembers what it was told. */
async function door(answer: Answer, of = authority, tls: ServerOptions = {}) {
  const heard: Heard[] = []
  const { keyPem, chainPem } = await of.server(['127.0.0.1'])
  const server = createServer({
    key: keyPem,
    cert: chainPem,
    ca: authority.caPem,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    ...tls,
  })
  server.on('tlsClientError', () => undefined)
  server.on('request', (request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const body = z.looseObject({ csrPem: z.string() }).parse(JSON.parse(text))
      const { socket } = request
      const shown = socket instanceof TLSSocket && socket.getPeerX509Certificate()
      heard.push({ path: request.url ?? '', body, hasCertificate: Boolean(shown) })
      void answer(body).then(({ status = 200, text: said }) => {
        response.writeHead(status).end(said)
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push({
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
  const { port } = server.address() as AddressInfo
  return { heard, broker: { host: '127.0.0.1', port, serverName: '' } }
}

/** As a broker does: a certificate for the very key of the request. */
const certify =
  (of = authority, named = authority): Answer =>
  async ({ csrPem }) => {
    const request = new Pkcs10CertificateRequest(csrPem)
    const issued = await of.certify(request.publicKey.rawData)
    return { text: identityText(issued.pem, issued.notAfterMs, named) }
  }

function identityText(certificatePem: string, notAfterMs: number, named = authority): string {
  return JSON.stringify({
    workstationId: '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55',
    certificatePem,
    caPem: named.caPem,
    notAfterMs,
  })
}

const asking = (broker: EnrolRequest['broker'], pin?: EnrolRequest['pin']): EnrolRequest => ({
  broker,
  pin: pin ?? { kind: 'certificate', caPem: authority.caPem },
  token,
  place: '4 West, station 2',
})

describe('a workstation', () => {
  it('is enrolled with a key that never leaves it', async () => {
    const { broker, heard } = await door(certify())
    const outcome = await enrol(asking(broker))
    if (outcome.kind !== 'enrolled') throw new Error(outcome.code)
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatchObject({
      path: '/workstation/v1/enrol',
      body: { token, place: '4 West, station 2' },
      hasCertificate: false,
    })
    expect(JSON.stringify(heard)).not.toContain('PRIVATE')
    expect(outcome.identity.keyPem).toContain('BEGIN PRIVATE KEY')
    expect(renewalDueMs(outcome.identity)).toBeLessThan(outcome.identity.notAfterMs)
  })
  it('knows the broker by the fingerprint alone, however it is written', async () => {
    const { broker } = await door(certify())
    const hex = authority.caSha256
    const colons = (hex.toUpperCase().match(/../g) ?? []).join(':')
    for (const written of [hex, colons]) {
      const outcome = await enrol(asking(broker, { kind: 'sha256', hex: written }))
      expect(outcome.kind).toBe('enrolled')
    }
  })
  it('renews with what it has, and gets another key', async () => {
    const { broker, heard } = await door(certify())
    const before = await authority.identity()
    const hardware = ['a'.repeat(32)]
    const outcome = await renew(broker, before, hardware)
    if (outcome.kind !== 'enrolled') throw new Error(outcome.code)
    expect(heard[0]).toMatchObject({
      ...{ path: '/workstation/v1/renew', hasCertificate: true },
      body: { hardware },
    })
    expect(outcome.identity.keyPem).not.toBe(before.keyPem)
  })
  it('goes on with the next authority that it believes, and still believes both', async () => {
    const { broker } = await door(certify(stranger, stranger))
    const before = await authority.identity()
    const caPem = authority.caPem + stranger.caPem
    const outcome = await renew(broker, { ...before, caPem })
    if (outcome.kind !== 'enrolled') throw new Error(outcome.code)
    expect(outcome.identity.caPem).toBe(stranger.caPem + authority.caPem)
    const later = await door(certify(stranger, stranger), stranger)
    expect(await renew(later.broker, outcome.identity)).toMatchObject({ kind: 'enrolled' })
  })
  it('hears why it is refused', async () => {
    const problem = {
      type: 'about:blank',
      title: 'x',
      status: 403,
      code: 'token-not-valid',
      next: 'x',
    }
    const { broker } = await door(() =>
      Promise.resolve({ status: 403, text: JSON.stringify(problem) }),
    )
    expect(await enrol(asking(broker))).toEqual({
      kind: 'refused',
      status: 403,
      code: 'token-not-valid',
    })
  })
})

describe('refuses', () => {
  const code = 'link-down'
  it('a broker of another authority, before the token is told', async () => {
    const { broker, heard } = await door(certify(stranger, stranger), stranger)
    await expect(enrol(asking(broker))).rejects.toMatchObject({ code, class: 'transient' })
    expect(heard).toEqual([])
  })
  it('a broker with another fingerprint, before the token is told', async () => {
    const { broker, heard } = await door(certify(stranger, stranger), stranger)
    const pin = { kind: 'sha256', hex: authority.caSha256 } as const
    await expect(enrol(asking(broker, pin))).rejects.toMatchObject({ code, class: 'permanent' })
    expect(heard).toEqual([])
  })
  it('a stranger who shows the right authority beside a wrong leaf', async () => {
    // The fingerprint is found in what he shows; what it would have to sign is not.
    const { keyPem, chainPem } = await stranger.server(['127.0.0.1'])
    const [leaf = ''] = chainPem.split(/(?<=-----END CERTIFICATE-----\n)/)
    const { broker, heard } = await door(certify(), authority, {
      key: keyPem,
      cert: leaf + authority.caPem,
    })
    const pin = { kind: 'sha256', hex: authority.caSha256 } as const
    await expect(enrol(asking(broker, pin))).rejects.toMatchObject({ code })
    expect(heard).toEqual([])
  })
  it('TLS 1.2', async () => {
    const { broker, heard } = await door(certify(), authority, {
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
    })
    await expect(enrol(asking(broker))).rejects.toMatchObject({ code })
    expect(heard).toEqual([])
  })
  it('an answer that names another authority to believe from now on', async () => {
    const { broker } = await door(certify(authority, stranger))
    await expect(enrol(asking(broker))).rejects.toMatchObject({ code, class: 'permanent' })
  })
  it('a certificate that another authority signed', async () => {
    const { broker } = await door(certify(stranger))
    await expect(enrol(asking(broker))).rejects.toMatchObject({ code, class: 'permanent' })
  })
  it('a certificate of one authority that it believes, said to be of the other', async () => {
    const { broker } = await door(certify(stranger, authority))
    const before = await authority.identity()
    const caPem = authority.caPem + stranger.caPem
    await expect(renew(broker, { ...before, caPem })).rejects.toMatchObject({
      ...{ code, class: 'permanent' },
    })
  })
  it('a certificate of another key', async () => {
    const other = await authority.identity()
    const { broker } = await door(() =>
      Promise.resolve({ text: identityText(other.certificatePem, other.notAfterMs) }),
    )
    await expect(enrol(asking(broker))).rejects.toMatchObject({ code, class: 'permanent' })
  })
  it.each([
    ['no JSON', 'nonsense'],
    ['another shape', '{"workstationId":1}'],
    ['PEM that holds nothing', identityTextOf('AAAA')],
  ])('an answer that is %s', async (_what, text) => {
    const { broker } = await door(() => Promise.resolve({ text }))
    await expect(enrol(asking(broker))).rejects.toMatchObject({ code, class: 'permanent' })
  })
  it('an answer without end', async () => {
    const { broker } = await door(() => Promise.resolve({ text: 'x'.repeat(200_000) }))
    await expect(enrol(asking(broker))).rejects.toMatchObject({ code, class: 'ambiguous' })
  })
  it('to follow a broker that sends it elsewhere', async () => {
    const { broker } = await door(() => Promise.resolve({ status: 307, text: '' }))
    expect(await enrol(asking(broker))).toMatchObject({ kind: 'refused', code: '307' })
  })
  it('to wait where nobody listens', async () => {
    const broker = { host: '127.0.0.1', port: 1, serverName: '' }
    await expect(enrol(asking(broker))).rejects.toMatchObject({ code, class: 'transient' })
    const pin = { kind: 'sha256', hex: authority.caSha256 } as const
    await expect(enrol(asking(broker, pin))).rejects.toMatchObject({ code, class: 'transient' })
  })
})

function identityTextOf(base64: string): string {
  const pem = `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`
  return JSON.stringify({
    workstationId: '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55',
    certificatePem: pem,
    caPem: pem,
    notAfterMs: 1,
  })
}
