// Access reviews as the admin door takes and shows them: one as a whole, and what it would hold.

import { z } from 'zod'
import { limit } from '../scopes.ts'

const campaignKind = z.enum(['quarterly', 'monthly', 'by-hand'])
export const spokenWord = z.object({ by: z.string(), atMs: z.int() })

const campaignOrder = z.strictObject({
  /** Only roles that settings call high risk (accessReviews.highRiskRoles). */
  isHighRiskOnly: z.boolean().default(false),
  /** Only people of this department, as HR names it. */
  department: z.string().trim().min(1).max(200).optional(),
  days: z.int().min(3).max(60).optional(),
})

const unit = z.object({
  department: z.string(),
  people: z.int(),
  /** Who would be left without any role. */
  withoutRole: z.int(),
})
/** What silence would take, before anybody has been asked. */
const campaignPreview = z.object({
  items: z.int(),
  people: z.int(),
  reviewers: z.int(),
  /** Nobody is there to be asked: they are for whoever runs reviews, and silence takes nothing. */
  unassigned: z.int(),
  onSilence: z.enum(['revoke', 'tell']),
  wouldGo: z.int(),
  /** Two people have to agree before silence takes so much. */
  needsTwo: z.boolean(),
  units: z.array(unit),
})
export type CampaignPreview = z.infer<typeof campaignPreview>

const campaignShown = z.object({
  id: z.uuid(),
  kind: campaignKind,
  state: z.enum(['open', 'waits-for-two', 'closed']),
  isHighRiskOnly: z.boolean(),
  department: z.string().optional(),
  opened: spokenWord,
  dueMs: z.int(),
  onSilence: z.enum(['revoke', 'tell']),
  items: z.int(),
  decided: z.int(),
  certified: z.int(),
  revoked: z.int(),
  /** Decided by silence. */
  silent: z.int(),
  unassigned: z.int(),
  silenceFirst: spokenWord.optional(),
  closed: z.object({ atMs: z.int(), sha256: z.string() }).optional(),
})
export type CampaignShown = z.infer<typeof campaignShown>
/** The newest first. */
const campaignsQuery = z.strictObject({
  /** `next` of the page before. */
  after: z
    .string()
    .regex(/^[0-9]{1,16}-[0-9a-f-]{36}$/)
    .optional(),
  limit,
})
const campaignsShown = z.object({
  campaigns: z.array(campaignShown),
  /** Of all pages together. */
  count: z.int(),
  /** Where the next page begins; absent on the last. */
  next: z.string().optional(),
})
export type CampaignsPage = z.infer<typeof campaignsShown>
const campaignOpened = z.object({ id: z.uuid() })
const campaignId = z.strictObject({ id: z.uuid() })

const silenceDecision = z.strictObject({ outcome: z.enum(['revoke', 'tell']) })
const silenceDecided = z.object({ state: z.enum(['first-word', 'decided']) })

export const campaign = {
  id: campaignId,
  order: campaignOrder,
  preview: campaignPreview,
  shown: campaignShown,
  query: campaignsQuery,
  page: campaignsShown,
  opened: campaignOpened,
  silence: silenceDecision,
  agreed: silenceDecided,
}
