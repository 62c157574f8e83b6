// What an EHR wants signed, as it arrives in `authorization_details` (RFC 9396 §2): parsed,
// limited, and reduced to what a person can read and what a hash can bind.

import { z } from 'zod'

export const signatureType = 'wardkey_signature'

/** Control and direction-changing characters could show a person something else than is signed. */
const readable = /^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u

export const signatureDetail = z.strictObject({
  type: z.literal(signatureType),
  /** In the EHR's words, as the person will read it at the workstation. */
  description: z.string().min(1).max(280).regex(readable),
  /** SHA-256 over the EHR's own canonical form of what is signed, base64url without padding. */
  hash: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  hash_alg: z.literal('sha-256'),
})
export type SignatureDetail = z.infer<typeof signatureDetail>

export type ParsedSignature =
  | { readonly kind: 'none' }
  | { readonly kind: 'parsed'; readonly detail: SignatureDetail }
  | { readonly kind: 'invalid' }

const detailsTextMax = 4096

/**
 * Reads the parameter as it came. Exactly one signature a request: what a person is shown must be
 * all that she signs.
 */
export function parseSignature(parameter: unknown): ParsedSignature {
  if (parameter === undefined) return { kind: 'none' }
  if (typeof parameter !== 'string' || parameter.length > detailsTextMax) return { kind: 'invalid' }
  let value: unknown
  try {
    value = JSON.parse(parameter)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return { kind: 'invalid' }
  }
  const parsed = z.tuple([signatureDetail]).safeParse(value)
  return parsed.success ? { kind: 'parsed', detail: parsed.data[0] } : { kind: 'invalid' }
}
