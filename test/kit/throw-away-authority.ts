// A certificate authority for one test: made, used and forgotten. Its certificates are made by the
// broker's own code, so that what an agent meets here is what it meets there.

import 'reflect-metadata'
import {
  createHash,
  generateKeyPairSync,
  randomUUID,
  sign,
  X509Certificate as Node,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { X509Certificate } from '@peculiar/x509'
import {
  issueServerCertificate,
  issueWorkstationCertificate,
  makeAuthorityCertificate,
} from '@wardkey/broker/platform/authority/certificates'
import { vouchText } from '@wardkey/protocol/workstation/fleet/next-authority'
import type { NextAuthority } from '@wardkey/protocol/workstation/fleet/next-authority'

const dayMs = 86_400_000

export interface Life {
  readonly fromMs: number
  readonly untilMs: number
}

export class ThrowAwayAuthority {
  readonly caPem: string
  readonly #key: KeyObject

  private constructor(caPem: string, key: KeyObject) {
    this.caPem = caPem
    this.#key = key
  }

  static async make(): Promise<ThrowAwayAuthority> {
    const key = newKey()
    return new ThrowAwayAuthority(await makeAuthorityCertificate(key, decade()), key)
  }

  get caSha256(): string {
    return createHash('sha256').update(new Node(this.caPem).raw).digest('hex')
  }

  /** The leaf and, as brokers do, the authority after it. */
  async server(names: readonly string[]): Promise<{ keyPem: string; chainPem: string }> {
    const key = newKey()
    const leaf = await issueServerCertificate(this.#issuer(), key, names, decade())
    return { keyPem: pemOf(key), chainPem: leaf.pem + this.caPem }
  }

  /** In the shape in which an agent keeps it. */
  async identity(life: Life = decade()) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const spki = pair.publicKey.export({ format: 'der', type: 'spki' })
    const workstationId = randomUUID()
    const publicKey = Uint8Array.from(spki).buffer
    const issued = await issueWorkstationCertificate(this.#issuer(), publicKey, workstationId, life)
    return {
      workstationId,
      certificatePem: issued.pem,
      caPem: this.caPem,
      notAfterMs: life.untilMs,
      keyPem: pemOf(pair.privateKey),
    }
  }

  /** For the key of a request, as enrolment does. */
  certify(publicKey: ArrayBuffer, life: Life = decade()) {
    return issueWorkstationCertificate(this.#issuer(), publicKey, randomUUID(), life)
  }

  /** As brokers show the one that comes after this one. */
  vouchesFor(next: ThrowAwayAuthority): NextAuthority {
    const text = Buffer.from(vouchText(this.caSha256, next.caSha256))
    return { caPem: next.caPem, vouch: sign('sha256', text, this.#key).toString('base64url') }
  }

  #issuer() {
    return { key: this.#key, certificate: new X509Certificate(this.caPem) }
  }
}

function decade(): Life {
  return { fromMs: Date.now() - dayMs, untilMs: Date.now() + 3650 * dayMs }
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString()
}
