// Decisions that workstations made without a broker and that somebody is to look at, as the admin
// door takes and shows them.

import { z } from 'zod'
import { limit } from './scopes.ts'

const uuid = z.string().regex(/^[0-9a-f-]{36}$/)

export const offlineReviewParams = z.strictObject({ reviewId: uuid })

export const offlineReviewsQuery = z.strictObject({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  /** `next` of the page before. */
  after: z
    .string()
    .regex(/^[0-9]{1,16}-[0-9a-f-]{36}$/)
    .optional(),
  limit,
})
export type OfflineReviewsQuery = z.output<typeof offlineReviewsQuery>

export const offlineReviewOutcomes = ['in-order', 'not-in-order', 'could-not-be-told'] as const

export const offlineReviewShown = z.object({
  reviewId: uuid,
  /** The gravest first: `person-not-active`, `journal-does-not-follow` … (docs/decisions/0024). */
  reasons: z.array(z.string()),
  workstationId: z.string(),
  place: z.string(),
  personId: z.string().optional(),
  /** Absent where it was forgotten, or where there is no person. */
  name: z.string().optional(),
  sessionId: z.string().optional(),
  tapId: z.string().optional(),
  journalId: z.string(),
  /** The journal's line; 0 where it is about the journal as a whole. */
  line: z.int(),
  /** When it happened, on the workstation's clock as far as that can be. */
  atMs: z.int(),
  openedMs: z.int(),
  closed: z
    .object({
      atMs: z.int(),
      by: z.string(),
      outcome: z.string(),
      note: z.string().optional(),
    })
    .optional(),
})
export type OfflineReviewShown = z.infer<typeof offlineReviewShown>

export const offlineReviewsPage = z.object({
  reviews: z.array(offlineReviewShown),
  /** Where the next page begins; absent on the last. */
  next: z.string().optional(),
})

export const offlineReviewClosure = z.strictObject({
  outcome: z.enum(offlineReviewOutcomes),
  /** Without names: it is kept as it is. */
  note: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)
    .optional(),
})
export type OfflineReviewClosure = z.infer<typeof offlineReviewClosure>
