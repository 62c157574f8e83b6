// Enrolment tokens and computers that ask for approval, as the admin door takes and shows them. No
// token is ever shown again.

import { z } from 'zod'
import { zoneId } from '../../ids.ts'
import { tokenId } from '../tokens.ts'

const hourMs = 3_600_000

export const enrolTokensPage = z.object({
  tokens: z.array(
    z.object({
      /** A hash of it: enough to name it, not to use it. */
      tokenId,
      zoneId: z.string(),
      state: z.enum(['good', 'used-up', 'expired', 'revoked']),
      usesLeft: z.int(),
      uses: z.int().optional(),
      madeMs: z.int().optional(),
      madeBy: z.string().optional(),
      expiresMs: z.int(),
      addresses: z.array(z.string()).optional(),
      /** It gives this workstation its identity anew, and is good for nothing else. */
      reissueOf: z.string().optional(),
    }),
  ),
})
export type EnrolTokenShown = z.infer<typeof enrolTokensPage>['tokens'][number]

export const reissueOrder = z.strictObject({
  lifeMs: z
    .int()
    .min(60_000)
    .max(30 * 24 * hourMs)
    .default(24 * hourMs),
})

export const askId = z.uuid()
export const enrolAsksPage = z.object({
  /** Those that wait first, the oldest at the top. */
  asks: z.array(
    z.object({
      askId,
      state: z.enum(['waiting', 'approved', 'refused', 'taken']),
      place: z.string(),
      assetTag: z.string().optional(),
      /** What its own screen shows: compare them before you say yes. */
      words: z.array(z.string()),
      address: z.string(),
      askedMs: z.int(),
      endsMs: z.int(),
      zoneId: z.string().optional(),
      decidedBy: z.string().optional(),
      workstationId: z.string().optional(),
      /** A workstation with the same asset tag: this one would take its place. */
      takesPlaceOf: z.string().optional(),
    }),
  ),
})
export type EnrolAskShown = z.infer<typeof enrolAsksPage>['asks'][number]

export const askDecision = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('approved'), zoneId }),
  z.strictObject({ outcome: z.literal('refused') }),
])
export type AskDecision = z.input<typeof askDecision>
export const askDecided = z.object({ outcome: z.enum(['approved', 'refused']) })
