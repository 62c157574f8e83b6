// Evidence as it is asked for and fetched at the admin door: for which days, what for, how far it
// is.

import { z } from 'zod'

/** A closed list: free words would sooner or later name somebody. */
export const evidencePurposes = [
  'internal-audit',
  'external-audit',
  'regulator',
  'incident',
  'drill',
] as const
export const evidencePurpose = z.enum(evidencePurposes)
export type EvidencePurpose = z.infer<typeof evidencePurpose>

export const evidenceOrder = z.strictObject({
  /** Days of the site's calendar, both of them in it: at most 400. */
  from: z.iso.date(),
  to: z.iso.date(),
  purpose: evidencePurpose,
  /** The size of a checkpoint that was kept before: it is proved that the record continues it. */
  since: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
})
export type EvidenceOrder = z.infer<typeof evidenceOrder>

export const evidenceBegun = z.object({ id: z.uuid() })
export const evidenceParams = z.strictObject({ id: z.uuid() })

const verdictCounts = z.object({
  met: z.int(),
  'not-met': z.int(),
  'not-applicable': z.int(),
  judgement: z.int(),
})

export const evidenceStanding = z.discriminatedUnion('state', [
  /** Entries of the record that were read, and how many there are. */
  z.object({ state: z.literal('gathering'), read: z.int().min(0), of: z.int().min(0) }),
  z.object({
    state: z.literal('ready'),
    name: z.string(),
    bytes: z.int().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    verdicts: verdictCounts,
  }),
  z.object({ state: z.literal('failed') }),
])
export type EvidenceStanding = z.infer<typeof evidenceStanding>
