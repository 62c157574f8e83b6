// A manifest of a release: what parses, who may sign it, and that nothing leads back: no older
// number, no older release, no key that nobody named.

import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { manifestTextMax, updateManifest } from './manifest.ts'
import { compareReleases } from './release.ts'
import { fileFor, takeManifest } from './take-manifest.ts'
import type { ReleaseTrust } from './take-manifest.ts'

const keyPair = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey, text: String(publicKey.export({ format: 'jwk' }).x) }
}
const [first, second, stranger] = [keyPair(), keyPair(), keyPair()]
const file = {
  ...{ target: 'linux-x64', name: 'wardkey-agent_1.2.3_amd64.deb', bytes: 1000 },
  ...{ sha256: 'a'.repeat(64), over: '1.1.0' },
}
const ring = { percent: 100, soakMs: 0, failedMax: 0 }
const plain = {
  ...{ version: 1, kind: 'update', number: 7, release: '1.2.3', issuedMs: 1000, expiresMs: 9000 },
  ...{ files: [file], rings: [ring] },
}
const text = (body: unknown, ...keys: readonly ReturnType<typeof keyPair>[]): string => {
  const bytes = Buffer.from(JSON.stringify(body)).toString('base64url')
  const signed = keys.map(({ privateKey }) => sign(null, Buffer.from(bytes), privateKey))
  return [bytes, ...signed.map((one) => one.toString('base64url'))].join('.')
}
const needs = (nowMs = 5000) => ({
  nowMs,
  decode: (body: string) => Buffer.from(body, 'base64url').toString('utf8'),
  verify: (body: string, signature: string, x: string) => {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verify(null, Buffer.from(body), key, Buffer.from(signature, 'base64url'))
  },
})
const trust: ReleaseTrust = { keys: [first.text] }
const take = (signed: string, by = trust, nowMs?: number) => takeManifest(signed, by, needs(nowMs))
const trustAfter = (signed: string, by = trust): ReleaseTrust => {
  const taken = take(signed, by)
  if (taken.kind === 'refused') throw new Error(taken.code)
  return taken.trust
}

describe('a manifest that does not parse', () => {
  it.each([
    ['number 0', { number: 0 }],
    ['a release that is none', { release: '1.2' }],
    ['a release that could be written in two ways', { release: '1.02.3' }],
    ['no file', { files: [] }],
    ['two files of a kind', { files: [file, file] }],
    ['a name that leads elsewhere', { files: [{ ...file, name: '../x.deb' }] }],
    ['a package of another kind', { files: [{ ...file, name: 'x.msi' }] }],
    ['a file without end', { files: [{ ...file, bytes: 2 ** 40 }] }],
    ['a hash that is none', { files: [{ ...file, sha256: 'A'.repeat(64) }] }],
    ['rings that leave some out', { rings: [{ ...ring, percent: 50 }] }],
    ['rings that do not grow', { rings: [{ ...ring, percent: 100 }, ring] }],
    ['an end before its beginning', { expiresMs: 1000 }],
    ['a field that nobody knows', { also: true }],
  ])('has %s', (_what, wrong) => {
    expect(updateManifest.safeParse(plain).success).toBe(true)
    const signed = text({ ...plain, ...wrong }, first)
    expect(take(signed)).toEqual({ kind: 'refused', code: 'update-not-understood' })
  })
  it.each(['', 'a', 'a.b', `${'a'.repeat(manifestTextMax)}.${'b'.repeat(86)}`])(
    'is %j',
    (wrong) => {
      expect(take(wrong)).toEqual({ kind: 'refused', code: 'update-not-understood' })
    },
  )
})

describe('a manifest is taken', () => {
  it('from the release key, and again', () => {
    const signed = text(plain, first)
    expect(take(signed)).toMatchObject({ kind: 'taken', manifest: { number: 7 } })
    expect(take(signed, trustAfter(signed))).toMatchObject({ kind: 'taken' })
  })
  it('from nobody else, and from nobody who changed a letter', () => {
    const code = 'update-not-signed'
    expect(take(text(plain, stranger))).toMatchObject({ code })
    const [, signature = ''] = text(plain, first).split('.')
    const [other = ''] = text({ ...plain, number: 8 }, first).split('.')
    expect(take(`${other}.${signature}`)).toMatchObject({ code })
  })
  it('not after its time', () => {
    expect(take(text(plain, first), trust, 8999)).toMatchObject({ kind: 'taken' })
    expect(take(text(plain, first), trust, 9000)).toMatchObject({ code: 'update-expired' })
  })
  it('not if it is older than one that was seen, nor another of the same number', () => {
    const seen = trustAfter(text(plain, first))
    expect(take(text({ ...plain, number: 6 }, first), seen)).toMatchObject({ code: 'update-older' })
    const twin = text({ ...plain, release: '1.2.4' }, first)
    expect(take(twin, seen)).toMatchObject({ code: 'update-number-twice' })
    expect(take(text({ ...plain, number: 8 }, first), seen)).toMatchObject({ kind: 'taken' })
  })
})

describe('the next key', () => {
  const handOver = { ...plain, nextKey: second.text }
  const later = { ...plain, number: 8 }
  it('has to have signed too', () => {
    const code = 'update-next-key'
    expect(take(text(handOver, first))).toMatchObject({ code })
    expect(take(text(handOver, first, stranger))).toMatchObject({ code })
    expect(take(text(plain, first, second))).toMatchObject({ code })
    expect(take(text(handOver, second, second))).toMatchObject({ code: 'update-not-signed' })
  })
  it('signs what comes after, and then the one before signs nothing more', () => {
    const both = trustAfter(text(handOver, first, second))
    expect(both.keys).toEqual([first.text, second.text])
    expect(trustAfter(text(later, first), both).keys).toEqual(both.keys)
    const one = trustAfter(text(later, second), both)
    expect(one.keys).toEqual([second.text])
    const end = text({ ...plain, number: 9 }, first)
    expect(take(end, one)).toMatchObject({ code: 'update-not-signed' })
  })
  it('is not believed before somebody named it', () => {
    expect(take(text(later, second))).toMatchObject({ code: 'update-not-signed' })
  })
})

describe('the file for a machine', () => {
  const manifest = updateManifest.parse(plain)
  const of = (running: string, target: 'linux-x64' | 'win32-x64' = 'linux-x64') =>
    fileFor(manifest, { target, running })
  it('is the one of its kind, over a release that is not too old', () => {
    expect(of('1.1.0')).toEqual(file)
    expect(of('1.2.2')).toEqual(file)
    expect(of('1.0.9')).toBe('update-too-far')
    expect(of('1.1.0', 'win32-x64')).toBe('update-not-for-this')
  })
  it('never leads back', () => {
    expect(of('1.2.3')).toBe('update-not-newer')
    expect(of('1.10.0')).toBe('update-not-newer')
  })
  it('counts in numbers, not in letters', () => {
    expect(compareReleases('1.9.0', '1.10.0')).toBeLessThan(0)
    expect(compareReleases('2.0.0', '1.99.99')).toBeGreaterThan(0)
    expect(compareReleases('1.2.3', '1.2.3')).toBe(0)
  })
})
