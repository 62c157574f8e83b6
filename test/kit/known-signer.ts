// A signing key that every process of a test makes anew and the same. It signs nothing but tests.

import { createPrivateKey } from 'node:crypto'
import { verifierKey } from '@wardkey/broker/audit/signed-note'
import type { NoteSigner } from '@wardkey/broker/audit/signed-note'

/** RFC 8410 §7: the header of an Ed25519 private key, before its 32 bytes. */
const header = Buffer.from('302e020100300506032b657004220420', 'hex')
const seed = Buffer.from(Array.from({ length: 32 }, (_, byte) => byte))

export const knownSigner: NoteSigner = {
  name: 'known.example/record',
  key: createPrivateKey({ key: Buffer.concat([header, seed]), format: 'der', type: 'pkcs8' }),
}
export const knownVkey = verifierKey(knownSigner)
