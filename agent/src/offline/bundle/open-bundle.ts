// From a signed text to a bundle that this workstation may believe, or to the reason why not. Pure:
// how old it is, is somebody else's question.

import { createPublicKey, verify } from 'node:crypto'
import { offlineBundle, signedBundle } from '@wardkey/protocol/workstation/offline-bundle'
import type { OfflineBundle } from '@wardkey/protocol/workstation/offline-bundle'

export type OpenedBundle =
  | { readonly kind: 'opened'; readonly bundle: OfflineBundle }
  | {
      readonly kind: 'refused'
      readonly reason: 'not-signed' | 'not-understood' | 'other-workstation'
    }

const refused = (reason: 'not-signed' | 'not-understood' | 'other-workstation'): OpenedBundle => ({
  kind: 'refused',
  reason,
})

/** Nothing of the text is looked at before its signature holds under the kept key. */
export function openBundle(text: string, bundleKey: string, workstationId: string): OpenedBundle {
  if (!signedBundle.safeParse(text).success) return refused('not-signed')
  const [body = '', signature = ''] = text.split('.')
  if (!isSigned(body, signature, bundleKey)) return refused('not-signed')
  const parsed = offlineBundle.safeParse(jsonOf(Buffer.from(body, 'base64url').toString('utf8')))
  if (!parsed.success) return refused('not-understood')
  const bundle = parsed.data
  return bundle.workstationId === workstationId
    ? { kind: 'opened', bundle }
    : refused('other-workstation')
}

function isSigned(body: string, signature: string, bundleKey: string): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bundleKey }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return verify(null, Buffer.from(body, 'ascii'), key, Buffer.from(signature, 'base64url'))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
