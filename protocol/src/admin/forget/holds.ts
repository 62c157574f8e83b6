// Legal holds, as the admin door takes and shows them.

import { z } from 'zod'
import { personId } from '../../ids.ts'
import { oneLine, wordGiven } from './one-line.ts'

export const holdOrder = z
  .strictObject({
    /** Whom it is about; without one, everybody. */
    personId: personId.optional(),
    reason: oneLine(500),
  })
  .readonly()
export const holdId = z.strictObject({ id: z.uuid() })
export const holdPlaced = z.object({ id: z.string() })

const holdShown = z.object({
  id: z.string(),
  personId: z.string().optional(),
  reason: z.string(),
  state: z.enum(['holds', 'lift-asked', 'lifted']),
  placed: wordGiven,
  liftAsked: wordGiven.optional(),
  lifted: wordGiven.optional(),
})
export type HoldShown = z.infer<typeof holdShown>
export const holdsShown = z.object({ holds: z.array(holdShown) })
