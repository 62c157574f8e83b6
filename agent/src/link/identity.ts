// The workstation's identity: a key that never leaves it, and a certificate from the broker's own
// authority. Kept apart: the certificate in a file, the key sealed by the system.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { identityAnswer } from '@wardkey/protocol/workstation/enrolment'
import type { SealedStorage } from '../platform/sealed-storage.ts'

const identityFile = z.object({
  ...identityAnswer.shape,
  /** PEM of older authorities that are still believed while a new one is rolled out. */
  version: z.literal(1),
})

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
}

export function openIdentityStore(dataDir: string, sealed: SealedStorage): IdentityStore {
  const path = join(dataDir, 'identity.json')
  return {
    find: () => {
      if (!existsSync(path)) return undefined
      const parsed = identityFile.safeParse(jsonOf(readFileSync(path, 'utf8')))
      const keyPem = sealed.find()
      if (!parsed.success || keyPem === undefined) return undefined
      const { version: _version, ...identity } = parsed.data
      return { ...identity, keyPem }
    },
    keep: ({ keyPem, ...identity }) => {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 })
      // The key first: a certificate without its key would look enrolled and never connect.
      sealed.keep(keyPem)
      const next = `${path}.new`
      writeFileSync(next, JSON.stringify({ version: 1, ...identity }), { mode: 0o600, flush: true })
      renameSync(next, path)
    },
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
