// Emergency accesses as the admin door shows them, their review, and the patterns in them.

import { z } from 'zod'
import { personId, sessionId, workstationId } from '../ids.ts'
import { personSummary } from './people.ts'
import { limit } from './scopes.ts'

export const grantId = z.uuid()
const reviewOutcome = z.enum(['appropriate', 'inappropriate', 'no-need'])

const review = z.object({
  outcome: reviewOutcome,
  by: z.string(),
  atMs: z.int(),
  /** Absent where she was forgotten, or nothing was written. */
  note: z.string().optional(),
  reviewer: personId.optional(),
})

export const grantSummary = z.object({
  grantId,
  personId,
  name: personSummary.shape.name,
  workstationId,
  place: z.string(),
  zoneId: z.string(),
  reason: z.string(),
  reasonLabel: z.string(),
  fromMs: z.int(),
  untilMs: z.int(),
  endedMs: z.int().optional(),
  reviewDueMs: z.int(),
  isOverdue: z.boolean(),
  outcome: reviewOutcome.optional(),
})
export type GrantSummary = z.infer<typeof grantSummary>

export const grantsQuery = z.strictObject({
  /** Only those whose review is open, the most urgent first; otherwise all, the newest first. */
  open: z.enum(['true', 'false']).default('false'),
  limit,
})
export const grantsPage = z.object({ grants: z.array(grantSummary) })

export const grantShown = grantSummary.extend({
  sessionId,
  /** By a workstation that was cut off, and not by a broker. */
  isOffline: z.boolean(),
  /** How it was proved who she is. */
  identity: z.enum(['badge-and-pin', 'badge', 'number-and-pin']),
  witness: z.object({ personId, name: personSummary.shape.name }).optional(),
  /** What an ordinary tap would have been answered: a refusal’s code, or `allowed`. */
  otherwise: z.string(),
  note: z.string().optional(),
  endReason: z.string().optional(),
  /** How the reason was chosen: how long it took, and its place in the list from 0. */
  choice: z.object({ tookMs: z.int(), position: z.int(), of: z.int() }),
  review: review.optional(),
})
export type GrantShown = z.infer<typeof grantShown>

export const newReview = z.strictObject({
  outcome: reviewOutcome,
  note: z
    .string()
    .trim()
    .min(1)
    .max(600)
    .regex(/^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u),
  /** Who looked at it, where she is known here: never the person herself, nor who spoke for her. */
  reviewer: personId.optional(),
})
export type NewReview = z.infer<typeof newReview>

const pattern = z.object({
  count: z.int(),
  /** From the list being shown to a reason being chosen. */
  medianTookMs: z.int(),
  /** How often the first one of the list was chosen, from 0 to 1. */
  firstShare: z.number().min(0).max(1),
})
const repeated = z.object({ personId, count: z.int() })
export const patternsQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(366).default(90),
})
export const patternsShown = z.object({
  days: z.int(),
  reasons: z.array(pattern.extend({ reason: z.string() })),
  zones: z.array(pattern.extend({ zoneId: z.string() })),
  /** What policy would have said instead: what is often so is a right that is missing. */
  otherwise: z.array(z.object({ otherwise: z.string(), count: z.int() })),
  /** Who had it more than once. */
  people: z.array(repeated),
  witnesses: z.array(repeated),
})
export type PatternsShown = z.infer<typeof patternsShown>
