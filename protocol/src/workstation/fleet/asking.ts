// The HTTP exchange by which a computer asks to be a workstation without a token: somebody of IT
// says yes or no, and until then it is asked again.

import { z } from 'zod'
import { enrolRequest } from '../enrolment.ts'

export const askPath = '/workstation/v1/ask'

export const askRequest = enrolRequest.omit({ token: true })
export type AskRequest = z.infer<typeof askRequest>

/** Nobody has decided yet: ask the same again, with the same key, until then. */
export const askWaits = z.strictObject({
  /** The words are made of it and of the key (fingerprint-words). */
  salt: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  againMs: z.int().min(500).max(600_000),
  endsMs: z.int(),
})
export type AskWaits = z.infer<typeof askWaits>
