// The workstation's identity: a key that never leaves it, and a certificate from the broker's own
// authority. Kept apart: the certificate in a file, the key sealed by the system.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { identityAnswer } from '@wardkey/protocol/workstation/enrolment'
import type { SealedStorage } from '../platform/sealed-storage.ts'
import { believedIn, withFirst } from './next-authority.ts'

const identityFile = z.strictObject({ ...identityAnswer.shape, version: z.literal(1) })
/**
 * A file of its own: a release that goes back finds the identity as it wrote it, and passes this
 * one over.
 */
const authoritiesFile = z.strictObject({
  version: z.literal(1),
  /** That of the certificate first. */
  authorities: z.array(identityAnswer.shape.caPem).min(2).max(3),
})

export interface Identity {
  readonly workstationId: string
  readonly certificatePem: string
  /** Whom it believes brokers by: one, or several while the authority changes, its own first. */
  readonly caPem: string
  readonly notAfterMs: number
  readonly keyPem: string
}

export interface IdentityStore {
  /** Nothing where the workstation was not enrolled, or its files are not what they should be. */
  find(): Identity | undefined
  keep(identity: Identity): void
  /** All authorities that are believed, that of the kept certificate among them; at least two. */
  believe(caPem: string): void
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
  const authorities = join(dataDir, 'authorities.json')
  const keys = (): readonly string[] => sealed.find()?.match(keyBlocks) ?? []
  const believe = (caPem: string): void => {
    replace(authorities, { version: 1, authorities: believedIn(caPem).map(String) })
  }
  return {
    believe,
    find: () => {
      if (!existsSync(path)) return undefined
      const parsed = identityFile.safeParse(jsonOf(readFileSync(path, 'utf8')))
      if (!parsed.success) return undefined
      const { version: _version, ...identity } = parsed.data
      const keyPem = keys().find((one) => isKeyOf(one, identity.certificatePem))
      if (keyPem === undefined) return undefined
      return { ...identity, caPem: allBelieved(identity.caPem, authorities), keyPem }
    },
    keep: ({ keyPem, ...identity }) => {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 })
      // The key first: a certificate without its key would look enrolled and never connect.
      const [before] = keys()
      sealed.keep(before === undefined || before === keyPem ? keyPem : keyPem + before)
      const [own, another] = believedIn(identity.caPem)
      // Before the certificate that may be of the second: without both no broker is believed.
      if (another) believe(identity.caPem)
      replace(path, { version: 1, ...identity, caPem: String(own ?? identity.caPem) })
      if (!another) rmSync(authorities, { force: true })
    },
    prove: () => {
      sealed.prove()
    },
  }
}

function replace(path: string, value: object): void {
  const next = `${path}.new`
  writeFileSync(next, JSON.stringify(value), { mode: 0o600, flush: true })
  renameSync(next, path)
}

/** A list that is not about this certificate's authority is of another identity. */
function allBelieved(caPem: string, path: string): string {
  if (!existsSync(path)) return caPem
  const parsed = authoritiesFile.safeParse(jsonOf(readFileSync(path, 'utf8')))
  if (!parsed.success) return caPem
  try {
    const [own] = believedIn(caPem)
    const listed = believedIn(parsed.data.authorities.join(''))
    const isAbout = own && listed.some(({ raw }) => raw.equals(own.raw))
    return isAbout ? withFirst(own, listed) : caPem
  } catch {
    // Its own is enough to connect by; the next one is shown again with the welcome.
    return caPem
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
