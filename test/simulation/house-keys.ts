// The keys that a simulated hospital's brokers share: of its seed, or those of a real key folder,
// where its record is to be kept for a real broker.

import { createHash, createPrivateKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { NoteSigner } from '@wardkey/broker/audit/signed-note'
import type { Keys } from '@wardkey/broker/platform/keys/keys'
import { Random } from './world/seeded.ts'

export interface HouseKeys extends Pick<
  Keys,
  'cardKey' | 'staffKey' | 'pinPepper' | 'personKek' | 'bundle'
> {
  readonly signer: NoteSigner
}

/** RFC 8410 §7: the header of an Ed25519 private key, before its 32 bytes. */
const keyHeader = Buffer.from('302e020100300506032b657004220420', 'hex')

const keyOf = (secret: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([keyHeader, secret]), format: 'der', type: 'pkcs8' })

/** One secret for all of them: nothing of it is worth anything. */
export function keysOfSeed(seed: number): HouseKeys {
  const secret = new Random(seed, 'secret').bytes(32)
  return {
    ...{ cardKey: secret, staffKey: secret, pinPepper: secret, personKek: secret },
    bundle: keyOf(createHash('sha256').update(secret).update('bundles').digest()),
    signer: { name: 'simulated.example/record', key: keyOf(secret) },
  }
}
