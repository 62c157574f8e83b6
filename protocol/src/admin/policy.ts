// The written policies and the modes of the house, as the admin door takes and shows them.

import { z } from 'zod'

const shownLine = /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u
/** As long as a set may be (policy/cedar/policy-set). */
export const policyText = z.string().min(1).max(200_000)

export const policyProposal = z.strictObject({
  text: policyText,
  /** Why, without names: it is kept as it is. */
  note: z.string().min(1).max(500).regex(shownLine),
})

/** As far as every store counts. */
const numberMax = 2_147_483_647
export const policyNumber = z.strictObject({
  number: z.coerce.number().int().min(0).max(numberMax),
})
export const policyDecision = z.strictObject({ outcome: z.enum(['approved', 'rejected']) })

const versionSummary = z.object({
  /** 0 is what Wardkey brings along. */
  number: z.int(),
  /** Of its text: what facts name. */
  policies: z.string(),
  isInForce: z.boolean(),
  basedOn: z.int(),
  note: z.string(),
  proposed: z.object({ atMs: z.int(), by: z.string() }).optional(),
  decided: z.object({ atMs: z.int(), by: z.string(), outcome: z.string() }).optional(),
})
export type VersionSummary = z.infer<typeof versionSummary>

export const policyVersions = z.object({ versions: z.array(versionSummary) })

export const policyVersion = versionSummary.extend({
  text: z.string(),
  /** The text that it was based on, to compare. */
  before: z.string(),
})
export type PolicyVersion = z.infer<typeof policyVersion>

export const policyProposed = z.object({ number: z.int() })
