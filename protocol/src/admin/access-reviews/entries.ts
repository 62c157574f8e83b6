// What is up in an access review: a role, an exception, a console role, a badge or a token, with
// where it comes from, when it was last used, and what was decided.

import { z } from 'zod'
import { personId } from '../../ids.ts'
import { personSummary } from '../people.ts'
import { limit } from '../scopes.ts'
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

/** `silent`: decided by silence. `unassigned`: nobody is there to be asked. */
const entryStates = ['undecided', 'certified', 'revoked', 'told', 'silent', 'unassigned'] as const
const itemsQuery = z.strictObject({
  /** `next` of the page before. */
  after: z.uuid().optional(),
  limit,
  state: z.enum(entryStates).optional(),
  /** What is up of one person. */
  person: personId.optional(),
})
export type ItemsQuery = z.output<typeof itemsQuery>
const reviewItems = z.object({
  /** With the counts of the whole review, whatever was asked for. */
  campaign: campaign.shown,
  items: z.array(reviewItem),
  /** Of all pages together, of what was asked for. */
  count: z.int(),
  /** Where the next page begins; absent on the last. */
  next: z.uuid().optional(),
})
export type ReviewItems = z.infer<typeof reviewItems>
const oneItem = z.object({ campaign: campaign.shown, item: reviewItem })
export type OneItem = z.infer<typeof oneItem>

const itemId = z.strictObject({ id: z.uuid(), itemId: z.uuid() })
const itemDecision = z.strictObject({
  decision: z.enum(['certified', 'revoked']),
  reason,
})
const itemDecided = z.object({ outcome: reviewItem.shape.outcome.unwrap() })

export const entry = {
  shown: reviewItem,
  states: entryStates,
  query: itemsQuery,
  page: reviewItems,
  one: oneItem,
  id: itemId,
  decision: itemDecision,
  decided: itemDecided,
}
