// Legal holds, as the admin door takes and shows them.

import { z } from 'zod'
import { personId, workstationId } from '../../ids.ts'
import { oneLine, wordGiven } from './one-line.ts'

export const holdOrder = z
  .strictObject({
    /** Whom it is about; without one, everybody. */
    personId: personId.optional(),
    /** Where; without one, everywhere. */
    workstationId: workstationId.optional(),
    /** The time that it is about, both ends with it; without them, all of it. */
    fromMs: z.int().min(0).optional(),
    untilMs: z.int().min(0).optional(),
    reason: oneLine(500),
  })
  .refine(({ fromMs = 0, untilMs = Infinity }) => fromMs <= untilMs, 'it ends before it begins')
  .readonly()
export const holdId = z.strictObject({ id: z.uuid() })
export const holdPlaced = z.object({ id: z.string() })

const holdShown = z.object({
  id: z.string(),
  personId: z.string().optional(),
  workstationId: z.string().optional(),
  fromMs: z.int().optional(),
  untilMs: z.int().optional(),
  reason: z.string(),
  state: z.enum(['holds', 'lift-asked', 'lifted']),
  placed: wordGiven,
  liftAsked: wordGiven.optional(),
  lifted: wordGiven.optional(),
})
export type HoldShown = z.infer<typeof holdShown>
export const holdsShown = z.object({ holds: z.array(holdShown) })
