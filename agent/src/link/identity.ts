// The workstation's identity: a key that never leaves it, and a certificate from the broker's own
// authority. Kept apart: the certificate in a file, the key sealed by the system.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { identityAnswer } from '@wardkey/protocol/workstation/enrolment'
import type { SealedStorage } from '../platform/sealed-storage.ts'

const identityFile = z.strictObject({ ...identityAnswer.shape, version: z.literal(1) })

export interface Identity {
  readonly workstationId: string
  readonly certificatePem: string
  readonly caPem: string
  readonly notAfterMs: number
  readonly keyPem: string
}

export interface IdentityStore {
  /** Nothing where the workstation was not enrolled, or its files are not what they should be. */
  find(): Identity | undefined
  keep(identity: Identity): void
  /** Throws a Fault where `keep` could not seal a key. */
  prove(): void
}

/** Each private key as one PEM block; the newest first. */
const keyBlocks = /-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END PRIVATE KEY-----\n/g

/**
 * Key and certificate are kept in two places, and a machine can lose its power between the two: the
 * key before the present one stays sealed as well, and the one that is the certificate's counts.
 */
export function openIdentityStore(dataDir: string, sealed: SealedStorage): IdentityStore {
  const path = join(dataDir, 'identity.json')
  const keys = (): readonly string[] => sealed.find()?.match(keyBlocks) ?? []
  return {
    find: () => {
      if (!existsSync(path)) return undefined
      const parsed = identityFile.safeParse(jsonOf(readFileSync(path, 'utf8')))
      if (!parsed.success) return undefined
      const { version: _version, ...identity } = parsed.data
      const keyPem = keys().find((one) => isKeyOf(one, identity.certificatePem))
      return keyPem === undefined ? undefined : { ...identity, keyPem }
    },
    keep: ({ keyPem, ...identity }) => {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 })
      // The key first: a certificate without its key would look enrolled and never connect.
      const [before] = keys()
      sealed.keep(before === undefined || before === keyPem ? keyPem : keyPem + before)
      const next = `${path}.new`
      writeFileSync(next, JSON.stringify({ version: 1, ...identity }), { mode: 0o600, flush: true })
      renameSync(next, path)
    },
    prove: () => {
      sealed.prove()
    },
  }
}

function isKeyOf(keyPem: string, certificatePem: string): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem))
  } catch {
    // Neither can be read any more: not enrolled, which is said and can be mended.
    return false
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
