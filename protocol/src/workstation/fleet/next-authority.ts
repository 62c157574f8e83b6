// The authority that comes after the present one, as brokers show it to workstations in the
// welcome: its certificate, and the present one's word for it (decision 0063). No key is in it.

import { z } from 'zod'
import { identityAnswer } from '../enrolment.ts'

export const nextAuthority = z.strictObject({
  caPem: identityAnswer.shape.caPem,
  /** By the present authority's key, over `vouchText`: ECDSA with SHA-256, DER in base64url. */
  vouch: z.string().regex(/^[A-Za-z0-9_-]{80,100}$/),
})
export type NextAuthority = z.infer<typeof nextAuthority>

/** What is signed, from the SHA-256 of both certificates in lower-case hex. Of use for no more. */
export function vouchText(presentSha256: string, nextSha256: string): string {
  return `wardkey-next-authority/1\n${presentSha256}\n${nextSha256}\n`
}
