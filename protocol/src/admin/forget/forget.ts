// Having somebody forgotten, and legal holds, as the admin door takes and shows them.

import { z } from 'zod'
import { personId } from '../../ids.ts'

/** One line, as it is kept and printed on a certificate. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/u)

export const forgetOrder = z
  .strictObject({
    personId,
    /** Which law or contract says so: `GDPR Art. 17`. */
    law: line(120),
    /** Why, without names. */
    reason: line(500),
  })
  .readonly()
export const forgetId = z.strictObject({ id: z.uuid() })
export const forgetAsked = z.object({ id: z.string() })
export const forgetDecision = z.strictObject({ outcome: z.enum(['approved', 'rejected']) })

const word = z.object({ atMs: z.int(), by: z.string() })
const forgettingShown = z.object({
  id: z.string(),
  personId: z.string(),
  law: z.string(),
  reason: z.string(),
  state: z.enum(['asked', 'approved', 'rejected']),
  asked: word,
  decided: word.optional(),
})
export type ForgettingShown = z.infer<typeof forgettingShown>
export const forgettingsShown = z.object({ forgettings: z.array(forgettingShown) })
/** The whole certificate as a file. */
export const certificateShown = z.object({ certificate: z.string() })

export const holdOrder = z
  .strictObject({
    /** Whom it is about; without one, everybody. */
    personId: personId.optional(),
    reason: line(500),
  })
  .readonly()
export const holdId = z.strictObject({ id: z.uuid() })
export const holdPlaced = z.object({ id: z.string() })

const holdShown = z.object({
  id: z.string(),
  personId: z.string().optional(),
  reason: z.string(),
  state: z.enum(['holds', 'lift-asked', 'lifted']),
  placed: word,
  liftAsked: word.optional(),
  lifted: word.optional(),
})
export type HoldShown = z.infer<typeof holdShown>
export const holdsShown = z.object({ holds: z.array(holdShown) })
