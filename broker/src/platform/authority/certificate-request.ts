// A workstation's certificate request (PKCS #10, RFC 2986) as it comes in from outside: the public
// key that is asked to be certified, or nothing. What else it asks for (names, rights) is never
// looked at.

import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { z } from 'zod'

const allowedKey = z.union([
  z.object({ name: z.literal('Ed25519') }),
  z.object({ name: z.literal('ECDSA'), namedCurve: z.literal('P-256') }),
])

export type ParsedCertificateRequest =
  | {
      readonly kind: 'parsed'
      /** DER, subject public key info: P-256 or Ed25519. */
      readonly publicKey: ArrayBuffer
    }
  | { readonly kind: 'invalid'; readonly reason: 'unreadable' | 'key-kind' | 'signature' }

/**
 * Parses and checks that whoever made the request holds the private key. Never throws, whatever the
 * text is.
 */
export async function parseCertificateRequest(pem: string): Promise<ParsedCertificateRequest> {
  const request = read(pem)
  if (!request) return { kind: 'invalid', reason: 'unreadable' }
  if (!isAllowedKey(request.publicKey.algorithm)) return { kind: 'invalid', reason: 'key-kind' }
  if (!(await isSigned(request))) return { kind: 'invalid', reason: 'signature' }
  return { kind: 'parsed', publicKey: request.publicKey.rawData }
}

function read(pem: string): Pkcs10CertificateRequest | undefined {
  try {
    const request = new Pkcs10CertificateRequest(pem)
    // The library parses lazily: a broken key would throw at its first use.
    return request.publicKey.rawData.byteLength > 0 ? request : undefined
  } catch (thrown) {
    // A stranger's bytes in a parser of somebody else's: it throws what it likes, and all of it
    // means the same. A stack overflow of deeply nested DER comes as an Error too.
    if (!(thrown instanceof Error)) throw thrown
    return undefined
  }
}

/**
 * Large RSA keys would cost us what they like; weak curves would cost the workstation its
 * identity.
 */
function isAllowedKey(algorithm: unknown): boolean {
  return allowedKey.safeParse(algorithm).success
}

async function isSigned(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify(webcrypto)
  } catch (thrown) {
    // A point that is not on the curve, a signature of the wrong length or algorithm.
    if (!(thrown instanceof Error)) throw thrown
    return false
  }
}
