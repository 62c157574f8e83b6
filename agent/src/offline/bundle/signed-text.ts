// A text that a broker signed under the key of its bundles: opened, or nothing where the signature
// is not of that key. Pure; what the text means is somebody else's.

import { createPublicKey, verify } from 'node:crypto'

/** `text` has the form that the protocol gives it. Nothing is looked at before its signature. */
export function openSigned(text: string, bundleKey: string): string | undefined {
  const [body = '', signature = ''] = text.split('.')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bundleKey }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const bytes = Buffer.from(signature, 'base64url')
  if (!verify(null, Buffer.from(body, 'ascii'), key, bytes)) return undefined
  return Buffer.from(body, 'base64url').toString('utf8')
}

/** Nothing for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
