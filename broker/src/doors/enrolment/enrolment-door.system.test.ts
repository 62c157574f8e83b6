// Enrolling and renewing over real TLS, on a real store: who gets an identity, and who never does.

import { generateKeyPairSync, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import type { Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import 'reflect-metadata'
import { Pkcs10CertificateRequestGenerator, X509CertificateGenerator } from '@peculiar/x509'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { zoneId } from '@wardkey/protocol/ids'
import { enrolPath, identityAnswer, renewPath } from '@wardkey/protocol/workstation/enrolment'
import { askPath } from '@wardkey/protocol/workstation/fleet/asking'
import { openCore, silentLog } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { decideAsk } from '../../flows/enrolment/decide-ask.ts'
import { mintToken } from '../../flows/enrolment/mint-token.ts'
import { revokeWorkstation } from '../../flows/enrolment/revoke-workstation.ts'
import { openAuthority } from '../../platform/authority/authority.ts'
import type { Authority } from '../../platform/authority/authority.ts'
import { findPeerWorkstation } from '../../platform/authority/peer-certificate.ts'
import { makeKeys, openKeys } from '../../platform/keys/keys.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import { listen } from '../../platform/listen.ts'
import { showAsks } from '../admin/fleet/show-enrolling.ts'
import { makeEnrolmentDoor } from './enrolment-door.ts'
import { makeWorkstationListener } from './workstation-listener.ts'

const hour = 3_600_000
const day = 24 * hour
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

let root: string
let keys: Keys
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-enrol-'))
  const settings = { keysDir: join(root, 'keys'), masterKey: '' }
  makeKeys(settings)
  keys = await openKeys(settings)
})
afterAll(() => {
  rmSync(root, { recursive: true })
})

interface Proof {
  readonly key: string
  readonly cert: string
}

describe('the enrolment door', () => {
  let core: BrokerCore
  let authority: Authority
  let server: Server
  let port: number
  /** How far the broker's clock is ahead of this machine's. */
  let aheadMs: number
  /** Where a test lets no time pass, however slow the machine is. */
  let stillMs: number | undefined

  beforeEach(async () => {
    core = await openCore()
    await core.addZone('4-west')
    aheadMs = 0
    stillMs = undefined
    const nowMs = (): number => Date.now() + aheadMs
    authority = await openAuthority(
      keys,
      { names: ['localhost', '127.0.0.1'], certificateHours: 168 },
      nowMs,
    )
    const { issue } = authority
    const monotonicMs = (): number => stillMs ?? performance.now()
    const answer = makeEnrolmentDoor({
      ...core.needs,
      nowMs,
      monotonicMs,
      issue,
      believed: () => [authority.caPem],
      renewLateMs: 30 * day,
      random: randomBytes,
      isConnected: () => false,
    })
    const needs = { keys, authority, connectionsMax: 200, nowMs, log: silentLog, answer }
    ;({ server } = await makeWorkstationListener(needs))
    port = await listen(server, { host: '127.0.0.1', port: 0, setting: 'workstations.port' })
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await core.record()
    await core.close()
  })

  const tls = (proof?: Proof): ConnectionOptions => ({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    ca: authority.caPem,
    ...proof,
  })

  interface Sent {
    readonly status: number
    readonly type: string
    readonly body: unknown
  }
  function send(
    path: string,
    body: string | Buffer,
    options: { proof?: Proof; headers?: Record<string, string>; method?: string } = {},
  ): Promise<Sent> {
    return new Promise((resolve, reject) => {
      const sending = request(
        {
          ...tls(options.proof),
          agent: false,
          path,
          method: options.method ?? 'POST',
          headers: { 'content-type': 'application/json', ...options.headers },
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => (text += chunk))
          response.on('end', () => {
            const type = response.headers['content-type'] ?? ''
            resolve({ status: response.statusCode ?? 0, type, body: JSON.parse(text) as unknown })
          })
        },
      )
      sending.on('error', reject)
      sending.end(body)
    })
  }

  async function newRequest(): Promise<{ key: string; csrPem: string }> {
    const pair = await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
    const csr = await Pkcs10CertificateRequestGenerator.create({
      name: 'CN=workstation',
      keys: pair,
      signingAlgorithm: ecdsa,
    })
    const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey))
    return {
      key: pemOf('PRIVATE KEY', der),
      csrPem: pemOf('CERTIFICATE REQUEST', Buffer.from(csr.rawData)),
    }
  }

  const token = async (): Promise<string> => {
    const order = { zoneId: zoneId.parse('4-west'), uses: 1, lifeMs: day, by: 'kit' }
    const done = await core.needs.perform(() =>
      mintToken(order, { ...core.needs, random: randomBytes }),
    )
    if (done.answer.kind === 'refused') throw new Error(done.answer.code)
    return done.answer.token
  }

  async function enrolled() {
    const { key, csrPem } = await newRequest()
    const sent = await send(
      enrolPath,
      JSON.stringify({ token: await token(), csrPem, place: '4 West, station 2' }),
    )
    expect(sent.status).toBe(200)
    const identity = identityAnswer.parse(sent.body)
    return { ...identity, proof: { key, cert: identity.certificatePem } }
  }

  const renew = async (proof?: Proof): Promise<Sent & { key: string }> => {
    const { key, csrPem } = await newRequest()
    const body = JSON.stringify({ csrPem })
    return { ...(await send(renewPath, body, proof ? { proof } : {})), key }
  }
  const codeOf = ({ status, type, body }: Sent) => {
    expect(type).toContain('application/problem+json')
    return [status, (body as { code: string }).code]
  }

  it('gives a workstation an identity for its token, and the authority that made it', async () => {
    const identity = await enrolled()
    const certificate = new X509Certificate(identity.certificatePem)
    expect(certificate.subject).toBe(`CN=${identity.workstationId}`)
    expect(certificate.verify(new X509Certificate(identity.caPem).publicKey)).toBe(true)
    expect(identity.caPem).toBe(authority.caPem)
    const [row] = await core.store.read.selectFrom('workstation').selectAll().execute()
    expect(row).toMatchObject({
      id: identity.workstationId,
      place: '4 West, station 2',
      zone_id: '4-west',
      cert_sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    })
  })
  it('shows its root in the handshake, for those who know only its hash', async () => {
    const root = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect({ ...tls(), rejectUnauthorized: false }, () => {
        const { issuerCertificate } = socket.getPeerCertificate(true)
        resolve(issuerCertificate.raw)
        socket.destroy()
      })
      socket.on('error', reject)
    })
    expect(root).toEqual(new X509Certificate(authority.caPem).raw)
  })
  it('speaks TLS 1.3 and nothing older', async () => {
    const protocol = (options: ConnectionOptions) =>
      new Promise<string | null>((resolve, reject) => {
        const socket = connect({ ...tls(), ...options }, () => {
          resolve(socket.getProtocol())
          socket.destroy()
        })
        socket.on('error', reject)
      })
    expect(await protocol({})).toBe('TLSv1.3')
    await expect(protocol({ maxVersion: 'TLSv1.2' })).rejects.toThrow()
    await expect(protocol({ ecdhCurve: 'P-521' })).rejects.toThrow()
  })
  it('answers who asks without a token: wait, and then the identity, for that key only', async () => {
    const { key, csrPem } = await newRequest()
    const body = JSON.stringify({ csrPem, place: 'New cart', hardware: ['a'.repeat(32)] })
    const waits = await send(askPath, body)
    expect(waits.status).toBe(202)
    expect(await send(askPath, body)).toEqual(waits)
    const now = { ...core.needs, nowMs: Date.now }
    const [ask] = await showAsks(now)
    const order = { askId: ask?.askId ?? '', zoneId: zoneId.parse('4-west'), by: 'kit' }
    await core.needs.perform(() => decideAsk(order, now))
    const identity = identityAnswer.parse((await send(askPath, body)).body)
    expect((await renew({ key, cert: identity.certificatePem })).status).toBe(200)
    const other = await newRequest()
    const asked = JSON.stringify({ csrPem: other.csrPem, place: 'New cart' })
    expect((await send(askPath, asked)).status).toBe(202)
    expect(await core.counts()).toMatchObject({ 'WKS-001': 1, 'WKS-008': 2 })
  })
  it('renews over the certificate at hand', async () => {
    const identity = await enrolled()
    const sent = await renew(identity.proof)
    expect(sent.status).toBe(200)
    const renewed = identityAnswer.parse(sent.body)
    expect(renewed.workstationId).toBe(identity.workstationId)
    expect((await renew({ key: sent.key, cert: renewed.certificatePem })).status).toBe(200)
    expect((await core.counts())['WKS-002']).toBe(2)
  })
  it('renews what has run out while it was switched off', async () => {
    const { proof } = await enrolled()
    aheadMs = 20 * day
    expect((await renew(proof)).status).toBe(200)
  })
  it('answers a burst, then asks to wait, and records no more than it answered', async () => {
    const sent = await Promise.all(
      Array.from({ length: 30 }, async () =>
        send(enrolPath, JSON.stringify({ ...(await unknownToken()) })),
      ),
    )
    expect(sent.filter(({ status }) => status === 403)).toHaveLength(20)
    expect(sent.filter(({ status }) => status === 429)).toHaveLength(10)
    expect((await core.counts())['WKS-101']).toBe(20)
  })

  it('lets who waits ask often, and strangers write no more than guessers', async () => {
    stillMs = 1000
    const place = 'New cart'
    const { csrPem } = await newRequest()
    const mine = JSON.stringify({ csrPem, place })
    expect((await send(askPath, mine)).status).toBe(202)
    const others = await Promise.all(
      Array.from({ length: 24 }, async () =>
        send(askPath, JSON.stringify({ csrPem: (await newRequest()).csrPem, place })),
      ),
    )
    expect(others.filter(({ status }) => status === 202)).toHaveLength(19)
    expect((await send(askPath, mine)).status).toBe(202)
    expect(await core.counts()).toMatchObject({ 'WKS-008': 20 })
  })

  const unknownToken = async () => ({
    token: `wke_${randomBytes(32).toString('base64url')}`,
    csrPem: (await newRequest()).csrPem,
    place: 'x',
  })

  describe('refuses', () => {
    it('a token that is none, and says no more than that', async () => {
      const sent = await send(enrolPath, JSON.stringify(await unknownToken()))
      expect(codeOf(sent)).toEqual([403, 'token-not-valid'])
      expect((await core.counts())['WKS-101']).toBe(1)
    })
    it('a token that was used', async () => {
      const given = await token()
      const body = async () => JSON.stringify({ ...(await unknownToken()), token: given })
      expect((await send(enrolPath, await body())).status).toBe(200)
      expect(codeOf(await send(enrolPath, await body()))).toEqual([403, 'token-not-valid'])
    })
    it('to renew without a certificate', async () => {
      expect(codeOf(await renew())).toEqual([401, 'certificate-missing'])
    })
    it('to renew for a workstation that was revoked', async () => {
      const { proof, workstationId } = await enrolled()
      await core.needs.perform(() => revokeWorkstation({ workstationId, by: 'kit' }, core.needs))
      expect(codeOf(await renew(proof))).toEqual([403, 'workstation-not-enrolled'])
    })
    it('to renew what has run out too long ago', async () => {
      const { proof } = await enrolled()
      aheadMs = 38 * day
      expect(codeOf(await renew(proof))).toEqual([403, 'workstation-not-enrolled'])
    })
    it('a certificate that names a workstation and that the workstation made itself', async () => {
      const { workstationId } = await enrolled()
      const proof = await selfSigned(workstationId)
      expect(codeOf(await renew(proof))).toEqual([401, 'certificate-missing'])
    })
    it('the broker’s own certificate as a workstation’s', async () => {
      const cert = await authority.serverChain()
      const key = keys.server.export({ format: 'pem', type: 'pkcs8' }).toString()
      expect(codeOf(await renew({ cert, key }))).toEqual([401, 'certificate-missing'])
    })
    it('a page in a browser', async () => {
      const headers = { origin: 'https://evil.example' }
      expect((await send(enrolPath, '{}', { headers })).status).toBe(403)
    })
    it.each([
      ['another path', '/', 'POST', '{}', 404],
      ['a path beside', `${enrolPath}/../enrol`, 'POST', '{}', 404],
      ['another method', enrolPath, 'PUT', '{}', 405],
      ['no JSON', enrolPath, 'POST', 'token=x', 400],
      ['bytes that are no text', enrolPath, 'POST', Buffer.from([0x22, 0xff, 0x22]), 400],
      ['an empty body', enrolPath, 'POST', '', 400],
      ['an empty object', enrolPath, 'POST', '{}', 400],
      ['a list', enrolPath, 'POST', '[]', 400],
      ['depth', enrolPath, 'POST', '['.repeat(16_000), 400],
      ['a body that is too large', enrolPath, 'POST', `"${'x'.repeat(20_000)}"`, 413],
    ])('%s', async (_what, path, method, body, status) => {
      expect((await send(path, body, { method })).status).toBe(status)
    })
    it('text of another type', async () => {
      const headers = { 'content-type': 'text/plain' }
      expect((await send(enrolPath, '{}', { headers })).status).toBe(415)
    })
    it('a place that could disguise itself on a lock screen', async () => {
      const asked = { ...(await unknownToken()), place: 'a\u202eb' }
      expect(codeOf(await send(enrolPath, JSON.stringify(asked)))).toEqual([
        400,
        'request-not-understood',
      ])
    })
    it('whatever else is sent, with a clear no and without falling over', async () => {
      const good = await unknownToken()
      const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(good)))
      const asked = fc.record(
        { token: value, csrPem: value, place: value, assetTag: value, __proto__: value },
        { requiredKeys: [] },
      )
      await fc.assert(
        fc.asyncProperty(asked, async (body) => {
          const { status } = await send(enrolPath, JSON.stringify(body))
          expect([400, 403, 429]).toContain(status)
        }),
        { numRuns: 60 },
      )
      expect((await core.store.read.selectFrom('workstation').selectAll().execute()).length).toBe(0)
    })
  })

  describe('a resumed connection', () => {
    /** Connects twice with one session, and says who the broker takes the second one for. */
    async function resumed(proof?: Proof): Promise<{ isReused: boolean; peer: unknown }> {
      const session = await new Promise<Buffer>((resolve, reject) => {
        const socket = connect(tls(proof))
        socket.once('session', (ticket) => {
          resolve(ticket)
          socket.destroy()
        })
        socket.on('error', reject)
      })
      const accepted = new Promise<TLSSocket>((resolve) => server.once('secureConnection', resolve))
      const client = connect({ ...tls(), session })
      const isReused = await new Promise<boolean>((resolve, reject) => {
        client.once('secureConnect', () => {
          resolve(client.isSessionReused())
        })
        client.on('error', reject)
      })
      const peer = findPeerWorkstation(await accepted, Date.now() + aheadMs)
      client.destroy()
      return { isReused, peer }
    }

    it('is the same workstation', async () => {
      const { proof, workstationId } = await enrolled()
      expect(await resumed(proof)).toMatchObject({ isReused: true, peer: { workstationId } })
    })
    it('has run out when its certificate has, though nothing verified it anew', async () => {
      const { proof } = await enrolled()
      aheadMs = 8 * day
      expect(await resumed(proof)).toMatchObject({ isReused: true, peer: { isExpired: true } })
    })
    it('is nobody without a certificate, though OpenSSL calls it authorized', async () => {
      expect(await resumed()).toEqual({ isReused: true, peer: undefined })
    })
    it('is nobody with a certificate of its own making', async () => {
      const { workstationId } = await enrolled()
      const { peer } = await resumed(await selfSigned(workstationId))
      expect(peer).toBeUndefined()
    })
  })
})

/** What a thief would make who knows a workstation's id. */
async function selfSigned(workstationId: string): Promise<Proof> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pair = await pairOf(privateKey)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${workstationId}`,
    keys: pair,
    signingAlgorithm: ecdsa,
    notBefore: new Date(Date.now() - hour),
    notAfter: new Date(Date.now() + day),
  })
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: pemOf('CERTIFICATE', Buffer.from(certificate.rawData)),
  }
}

async function pairOf(key: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  const der = key.export({ format: 'der', type: 'pkcs8' })
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, ecdsa, true, ['sign'])
  const { d: _secret, key_ops: _ops, ...jwk } = await webcrypto.subtle.exportKey('jwk', privateKey)
  const publicKey = await webcrypto.subtle.importKey('jwk', jwk, ecdsa, true, ['verify'])
  return { privateKey, publicKey }
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
