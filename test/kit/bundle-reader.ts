// A workstation's side of a bundle, as plain as can be: parts put together, the signature checked
// with the key that the welcome brought, and the text parsed. It believes nothing else.

import { createPublicKey, verify } from 'node:crypto'
import { offlineBundle, signedBundle } from '@wardkey/protocol/workstation/offline-bundle'
import type { OfflineBundle } from '@wardkey/protocol/workstation/offline-bundle'
import type { WiredAgent } from './wired-broker.ts'

/** Takes the parts of the next bundle in their order; throws where they are not one. */
export async function nextBundleText(agent: WiredAgent): Promise<{ text: string; parts: number }> {
  let text = ''
  for (let part = 0; ; part++) {
    const frame = await agent.next('bundle')
    if (frame.part !== part) throw new Error('parts are not in their order')
    text += frame.text
    if (part === frame.parts - 1) return { text, parts: frame.parts }
  }
}

export async function nextBundle(agent: WiredAgent): Promise<OfflineBundle> {
  const { text } = await nextBundleText(agent)
  return openBundle(text, agent.welcome?.bundleKey)
}

export function openBundle(text: string, bundleKey: string | undefined): OfflineBundle {
  const [body = '', signature = ''] = signedBundle.parse(text).split('.')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bundleKey ?? '' }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  if (!verify(null, Buffer.from(body, 'ascii'), key, Buffer.from(signature, 'base64url'))) {
    throw new Error('a bundle that the broker did not sign')
  }
  return offlineBundle.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
}
