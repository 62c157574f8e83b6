// What is up in an access review: a role, an exception, a console role, a badge or a token, with
// where it comes from, when it was last used, and what was decided.

import { z } from 'zod'
import { personId } from '../../ids.ts'
import { personSummary } from '../people.ts'
import { campaign, spokenWord } from './campaigns.ts'

const entitlementKind = z.enum(['role', 'exception', 'console-role', 'badge', 'token'])

/** Without names: it is kept in the open. */
const reason = z
  .string()
  .trim()
  .min(3)
  .max(400)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)

export const itemEvidence = z.object({
  /** Where it comes from: HR's mapping, an administrator, two people, the provider's groups. */
  source: z.enum(['hr', 'by-hand', 'two-people', 'provider', 'enrolment', 'token']),
  sinceMs: z.int().optional(),
  untilMs: z.int().optional(),
  /** Absent: not in what the record was searched for. */
  lastUsedMs: z.int().optional(),
  /** What a role opens, by policy and zone; what a token may do. */
  opens: z.array(z.string()),
})
export type ItemEvidence = z.infer<typeof itemEvidence>

const reviewItem = z.object({
  id: z.uuid(),
  person: z.object({ personId, name: personSummary.shape.name }).optional(),
  department: z.string().optional(),
  reviewer: z.object({ personId, name: personSummary.shape.name }).optional(),
  kind: entitlementKind,
  what: z.string(),
  isHighRisk: z.boolean(),
  evidence: itemEvidence,
  decision: z.enum(['certified', 'revoked', 'told']).optional(),
  decided: spokenWord.extend({ reason: z.string(), isSilence: z.boolean() }).optional(),
  /** `hr-task`: held back here, and HR has to take it away. `gone`: it was over before. */
  outcome: z.enum(['kept', 'taken', 'hr-task', 'provider-task', 'gone']).optional(),
})
export type ReviewItem = z.infer<typeof reviewItem>
const reviewItems = z.object({ campaign: campaign.shown, items: z.array(reviewItem) })
export type ReviewItems = z.infer<typeof reviewItems>

const itemId = z.strictObject({ id: z.uuid(), itemId: z.uuid() })
const itemDecision = z.strictObject({
  decision: z.enum(['certified', 'revoked']),
  reason,
})
const itemDecided = z.object({ outcome: reviewItem.shape.outcome.unwrap() })

export const entry = {
  shown: reviewItem,
  page: reviewItems,
  id: itemId,
  decision: itemDecision,
  decided: itemDecided,
}
