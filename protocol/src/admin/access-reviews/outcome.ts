// What came of access reviews: the signed result of one, and what is held back until others have
// taken it away, too.

import { z } from 'zod'
import { personId } from '../../ids.ts'
import { personSummary } from '../people.ts'
import { campaign } from './campaigns.ts'

const heldBack = z.object({
  id: z.uuid(),
  person: z.object({ personId, name: personSummary.shape.name }),
  kind: z.enum(['role', 'console-role']),
  what: z.string(),
  sinceMs: z.int(),
  by: z.string(),
})
export type HeldBack = z.infer<typeof heldBack>
const tasksShown = z.object({ tasks: z.array(heldBack) })

/** What was decided, and the proof that the record says the same. */
const campaignResult = z.object({
  campaign: campaign.shown,
  /** JSON lines, one an item, as they were hashed. */
  lines: z.array(z.string()),
  sha256: z.string(),
  /** The fact of the completion and its tlog-proof; absent until a checkpoint has it. */
  proof: z.object({ index: z.int(), text: z.string() }).optional(),
})
export type CampaignResult = z.infer<typeof campaignResult>

export const reviewOutcome = { tasks: tasksShown, result: campaignResult }
