// The authority's certificates as OpenSSL, TLS and an attacker see them.

import { execFileSync } from 'node:child_process'
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKeys, openKeys } from '../keys/keys.ts'
import type { Keys } from '../keys/keys.ts'
import { openAuthority } from './authority.ts'
import type { Authority } from './authority.ts'
import { parseCertificateRequest } from './certificate-request.ts'

const id = '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55'
const names = ['localhost', 'broker.example', '127.0.0.1', '::1']
const hour = 3_600_000
const day = 24 * hour

let root: string
let keys: Keys
let authority: Authority
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-authority-'))
  const settings = { keysDir: join(root, 'keys'), masterKey: '' }
  makeKeys(settings)
  keys = await openKeys(settings)
  authority = await open()
})
afterAll(() => {
  rmSync(root, { recursive: true })
})

const open = (nowMs = Date.now(), servers: readonly string[] = names): Promise<Authority> =>
  openAuthority(keys, { names: servers, certificateHours: 168 }, () => nowMs)

function keep(name: string, text: string): string {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}

function openssl(...words: string[]): string {
  return execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A request as OpenSSL makes it, for a subject that we must not believe. */
function requestOf(kind: readonly string[], subject = '/CN=somebody else/O=Wardkey'): string {
  const key = join(root, 'request.key')
  openssl('genpkey', ...kind, '-out', key)
  const digest = kind.includes('ed25519') ? [] : ['-sha256']
  return openssl('req', '-new', ...digest, '-key', key, '-subj', subject)
}
const p256 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']

async function issued(pem = requestOf(p256)): Promise<string> {
  const parsed = await parseCertificateRequest(pem)
  if (parsed.kind === 'invalid') throw new Error(parsed.reason)
  return (await authority.issue(parsed.publicKey, id)).pem
}

describe('the authority', () => {
  it('signs what OpenSSL verifies, for a client and for nothing else', async () => {
    const ca = keep('ca.pem', authority.caPem)
    const leaf = keep('leaf.pem', await issued())
    const verify = (purpose: string) =>
      openssl('verify', '-x509_strict', '-CAfile', ca, '-purpose', purpose, leaf)
    expect(verify('sslclient')).toContain('OK')
    expect(() => verify('sslserver')).toThrow()
  })
  it('gives its server a certificate for each of its names', async () => {
    const ca = keep('ca.pem', authority.caPem)
    const server = keep('server.pem', await authority.serverChain())
    for (const name of names) {
      const flag = /^[0-9.]+$|:/.test(name) ? '-verify_ip' : '-verify_hostname'
      const said = openssl('verify', '-x509_strict', '-CAfile', ca, flag, name, server)
      expect(said).toContain('OK')
    }
    expect(() =>
      openssl('verify', '-CAfile', ca, '-verify_hostname', 'evil.example', server),
    ).toThrow()
    expect(() => openssl('verify', '-CAfile', ca, '-purpose', 'sslclient', server)).toThrow()
  })
  it('says who a workstation is, and nothing that the workstation asked for', async () => {
    const text = openssl('x509', '-noout', '-text', '-in', keep('leaf.pem', await issued()))
    expect(text).toContain(`Subject: CN = ${id}`)
    expect(text).toContain(`URI:urn:wardkey:workstation:${id}`)
    expect(text).toContain('TLS Web Client Authentication')
    expect(text).toContain('CA:FALSE')
    expect(text).not.toContain('somebody else')
    const ca = openssl('x509', '-noout', '-text', '-in', keep('ca.pem', authority.caPem))
    expect(ca).toContain('CA:TRUE, pathlen:0')
  })
  it('numbers certificates at random', async () => {
    const [one, two] = [new X509Certificate(await issued()), new X509Certificate(await issued())]
    expect(one.serialNumber).toMatch(/^[0-9A-F]{32}$/)
    expect(one.serialNumber).not.toBe(two.serialNumber)
  })
  it('names its certificate’s hash as who enrols a workstation compares it', () => {
    const { raw } = new X509Certificate(authority.caPem)
    expect(authority.caSha256).toBe(createHash('sha256').update(raw).digest('hex'))
  })
  it('keeps its own certificate and its server’s over a restart', async () => {
    const again = await open()
    expect(again.caPem).toBe(authority.caPem)
    expect(await again.serverChain()).toBe(await authority.serverChain())
  })
  it('makes the server’s anew for other names, and when a third of its life is left', async () => {
    const first = await authority.serverChain()
    const renamed = await (await open(Date.now(), ['other.example'])).serverChain()
    expect(new X509Certificate(renamed).subjectAltName).toBe('DNS:other.example')
    const back = await authority.serverChain()
    expect(back).not.toBe(first)
    const soon = await (await open(Date.now() + 200 * day)).serverChain()
    expect(soon).toBe(back)
    const late = await (await open(Date.now() + 280 * day)).serverChain()
    expect(late).not.toBe(back)
  })
  it('tells when a certificate ends', async () => {
    const parsed = await parseCertificateRequest(requestOf(p256))
    if (parsed.kind === 'invalid') throw new Error(parsed.reason)
    const { notAfterMs, pem, sha256 } = await authority.issue(parsed.publicKey, id)
    expect(Math.abs(notAfterMs - (Date.now() + 168 * hour))).toBeLessThan(5000)
    const certificate = new X509Certificate(pem)
    expect(sha256).toBe(certificate.fingerprint256.replaceAll(':', '').toLowerCase())
  })
  it('certifies Ed25519 as well', async () => {
    const leaf = keep('leaf.pem', await issued(requestOf(['-algorithm', 'ed25519'])))
    expect(openssl('verify', '-CAfile', keep('ca.pem', authority.caPem), leaf)).toContain('OK')
  })
})

describe('refuses', () => {
  const reasonOf = async (pem: string) => {
    const parsed = await parseCertificateRequest(pem)
    return parsed.kind === 'invalid' ? parsed.reason : 'parsed'
  }
  it.each([
    ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['P-384', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['secp256k1', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1']],
  ])('a key of %s', async (_name, kind) => {
    expect(['key-kind', 'unreadable']).toContain(await reasonOf(requestOf(kind)))
  })
  it('a request that somebody else’s key signed', async () => {
    const der = Buffer.from(requestOf(p256).replace(/-----.*-----|\n/g, ''), 'base64')
    const other = Buffer.from(requestOf(p256).replace(/-----.*-----|\n/g, ''), 'base64')
    // The public key of one in the request of the other: same places, since same lengths.
    const point = der.indexOf(Buffer.from('034200', 'hex')) + 3
    other.copy(der, point, point, point + 65)
    expect(await reasonOf(pemOf(der))).toBe('signature')
  })
  it('nesting without end', async () => {
    expect(await reasonOf(pemOf(Buffer.from('3080'.repeat(3000), 'hex')))).toBe('unreadable')
    let nested = Buffer.alloc(0)
    for (let depth = 0; depth < 900; depth++) {
      const length = Buffer.from([0x82, nested.length >> 8, nested.length & 0xff])
      nested = Buffer.concat([Buffer.of(0x30), length, nested])
    }
    expect(await reasonOf(pemOf(nested))).toBe('unreadable')
  })
  it('any change to a request that would certify another key, without ever throwing', async () => {
    const der = Buffer.from(requestOf(p256).replace(/-----.*-----|\n/g, ''), 'base64')
    const asked = await parseCertificateRequest(pemOf(der))
    // Bytes that mean nothing (a length one too long, which the library bears) may change; what
    // is certified may not.
    await fc.assert(
      fc.asyncProperty(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const bent = Buffer.from(der)
        bent[at] = (bent[at] ?? 0) ^ by
        const parsed = await parseCertificateRequest(pemOf(bent))
        if (parsed.kind === 'parsed') expect(parsed).toEqual(asked)
      }),
      { numRuns: 400 },
    )
  })
  it('any bytes, without ever throwing', async () => {
    const any = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 600 }).map((bytes) => pemOf(Buffer.from(bytes))),
    )
    await fc.assert(
      fc.asyncProperty(any, async (text) => {
        expect(await reasonOf(text)).toBe('unreadable')
      }),
      { numRuns: 400 },
    )
  })
  it('an authority’s certificate that is not of the key beside it', async () => {
    const path = join(root, 'keys', 'authority.crt')
    const was = readFileSync(path, 'utf8')
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const other = await openAuthority(
      {
        ...keys,
        authority: privateKey,
        folder: { ...keys.folder, find: () => undefined, create: () => true },
      },
      { names, certificateHours: 1 },
      Date.now,
    )
    keys.folder.replace('authority.crt', other.caPem)
    await expect(open()).rejects.toMatchObject({ code: 'key-missing' })
    keys.folder.replace('authority.crt', was)
    await open()
  })
})

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  const label = 'CERTIFICATE REQUEST'
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
