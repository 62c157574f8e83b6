// The manifest that is made of a folder of packages: what it takes up, and what it refuses.

import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { updateManifest } from '@wardkey/protocol/workstation/updates/manifest'
import { makeManifest, packagesOf, parseRing } from './make-manifest.ts'
import { publicText, readReleaseKey, signManifest } from './sign-manifest.ts'

const names = packagesOf('1.2.3')
const sums =
  `${'a'.repeat(64)}  ${names['win32-x64']}\n` +
  `${'b'.repeat(64)}  ${names['linux-x64']}\n` +
  `${'c'.repeat(64)}  wardkey-broker_1.2.3_amd64.deb\n`
const order = {
  ...{ number: 7, release: '1.2.3', over: '1.1.0', issuedMs: 1, expiresMs: 2 },
  rings: [parseRing('10:24:1'), parseRing('100:0:5')],
}
const key = () => generateKeyPairSync('ed25519').privateKey

it('takes up the packages of workstations that are there, and nothing else', () => {
  const { files, rings } = makeManifest(order, sums, () => 1000)
  expect(files).toEqual([
    {
      ...{ target: 'win32-x64', name: 'wardkey-agent-1.2.3-x64.msi' },
      ...{ bytes: 1000, sha256: 'a'.repeat(64), over: '1.1.0' },
    },
    {
      ...{ target: 'linux-x64', name: 'wardkey-agent_1.2.3_amd64.deb' },
      ...{ bytes: 1000, sha256: 'b'.repeat(64), over: '1.1.0' },
    },
  ])
  expect(rings[0]).toEqual({ percent: 10, soakMs: 86_400_000, failedMax: 1 })
})
it('refuses a folder without packages of the release, and rings that leave some out', () => {
  expect(() => makeManifest({ ...order, release: '1.2.4' }, sums, () => 1)).toThrow()
  expect(() => makeManifest({ ...order, rings: [parseRing('10:0:0')] }, sums, () => 1)).toThrow()
})
it.each(['', '10', '10:1', 'x:1:1', '10:1:1:1', '-1:1:1'])('refuses the ring %j', (text) => {
  expect(() => parseRing(text)).toThrow('a ring is')
})
it('names a next key only if that key signs as well', () => {
  const [now, next] = [key(), key()]
  const plain = makeManifest(order, sums, () => 1)
  const named = updateManifest.parse({ ...plain, nextKey: publicText(next) })
  expect(signManifest(named, now, next).split('.')).toHaveLength(3)
  expect(() => signManifest(named, now)).toThrow('next key')
  expect(() => signManifest(named, now, key())).toThrow('next key')
  expect(() => signManifest(plain, now, next)).toThrow('next key')
})
it('takes no key of another kind for the release key', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  expect(() => readReleaseKey(pem)).toThrow('Ed25519')
})
