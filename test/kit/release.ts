// A signed release of plainly invented files, and the settings under which a broker takes it.

import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { UpdateSettings } from '@wardkey/broker/flows/updates/update-needs'
import type { UpdateManifest } from '@wardkey/protocol/workstation/updates/manifest'

export interface ReleaseSigner {
  readonly key: KeyObject
  readonly text: string
}

export function newReleaseSigner(): ReleaseSigner {
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519')
  return { key, text: String(publicKey.export({ format: 'jwk' }).x) }
}

const hour = 3_600_000

export function plainManifest(change: Partial<UpdateManifest> = {}): UpdateManifest {
  const release = change.release ?? '1.2.0'
  return {
    ...{ version: 1, kind: 'update', number: 1, release, issuedMs: 0, expiresMs: 2e12 },
    files: [
      {
        ...{ target: 'linux-x64', name: `wardkey-agent_${release}_amd64.deb`, bytes: 1000 },
        ...{ sha256: 'a'.repeat(64), over: '1.0.0' },
      },
    ],
    rings: [
      { percent: 30, soakMs: 24 * hour, failedMax: 0 },
      { percent: 100, soakMs: 0, failedMax: 2 },
    ],
    ...change,
  }
}

export function signed(manifest: unknown, ...signers: readonly ReleaseSigner[]): string {
  const body = Buffer.from(JSON.stringify(manifest)).toString('base64url')
  const all = signers.map(({ key }) => sign(null, Buffer.from(body), key).toString('base64url'))
  return [body, ...all].join('.')
}

export function updateSettings(
  { text: releaseKey }: ReleaseSigner,
  change: Partial<UpdateSettings> = {},
): UpdateSettings {
  const hasFiles = () => Promise.resolve(true)
  return { releaseKey, rings: [], atOnce: 2, timeZone: 'UTC', hasFiles, ...change }
}
