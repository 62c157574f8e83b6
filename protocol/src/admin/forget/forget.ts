// Having somebody forgotten, as the admin door takes and shows it.

import { z } from 'zod'
import { personId } from '../../ids.ts'
import { oneLine, wordGiven } from './one-line.ts'

export const forgetOrder = z
  .strictObject({
    personId,
    /** Which law or contract says so: `GDPR Art. 17`. */
    law: oneLine(120),
    /** Why, without names. */
    reason: oneLine(500),
  })
  .readonly()
export const forgetId = z.strictObject({ id: z.uuid() })
export const forgetAsked = z.object({ id: z.string() })
export const forgetDecision = z.strictObject({ outcome: z.enum(['approved', 'rejected']) })

const forgettingShown = z.object({
  id: z.string(),
  personId: z.string(),
  law: z.string(),
  reason: z.string(),
  state: z.enum(['asked', 'approved', 'rejected']),
  asked: wordGiven,
  decided: wordGiven.optional(),
})
export type ForgettingShown = z.infer<typeof forgettingShown>
export const forgettingsShown = z.object({ forgettings: z.array(forgettingShown) })
/** The whole certificate as a file. */
export const certificateShown = z.object({ certificate: z.string() })
