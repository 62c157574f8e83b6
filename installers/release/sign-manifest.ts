// Signs a release's manifest with the release key, which is on no machine that a network reaches,
// and verifies it again. A key that is named as the next signs as well, so that it is there.

import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { UpdateManifest } from '@wardkey/protocol/workstation/updates/manifest'
import { signedManifest } from '@wardkey/protocol/workstation/updates/manifest'

/** As manifests, settings and this page's readers have it: raw, in base64url. */
export function publicText(key: KeyObject): string {
  return publicJwk.parse(createPublicKey(key).export({ format: 'jwk' })).x
}

const publicJwk = z.object({ crv: z.literal('Ed25519'), x: z.string() })

/** Refuses a next key that is not the one which the manifest names. */
export function signManifest(manifest: UpdateManifest, key: KeyObject, next?: KeyObject): string {
  const named = next && publicText(next)
  if (manifest.nextKey !== named) throw new Error('the next key is not the one that is named')
  const body = Buffer.from(JSON.stringify(manifest)).toString('base64url')
  const signed = (by: KeyObject): string =>
    sign(null, Buffer.from(body, 'ascii'), by).toString('base64url')
  return signedManifest.parse([body, signed(key), ...(next ? [signed(next)] : [])].join('.'))
}

export function readReleaseKey(pem: string): KeyObject {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the release key has to be Ed25519')
  return key
}
