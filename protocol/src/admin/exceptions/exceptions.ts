// Exceptions, as the admin door takes and shows them: a role or a zone for one person, for a while.

import { z } from 'zod'
import { personId } from '../../ids.ts'

const shownLine = /^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u
const minuteMs = 60_000

export const exceptionOrder = z
  .strictObject({
    personId,
    /** Who answers for it: a person who works here, and not she. */
    ownerId: personId,
    kind: z.enum(['role', 'zone']),
    what: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    /** Why, without names: it is kept as it is. */
    reason: z.string().trim().min(1).max(500).regex(shownLine),
    /** From its approval on. */
    lastsMs: z
      .int()
      .min(5 * minuteMs)
      .max(92 * 24 * 60 * minuteMs),
  })
  .readonly()

export const exceptionId = z.strictObject({ id: z.uuid() })
export const exceptionProposed = z.object({ id: z.string() })
export const exceptionDecision = z.strictObject({ outcome: z.enum(['approved', 'rejected']) })
export const exceptionEnded = z.object({ sessions: z.int() })
export const exceptionsQuery = z.strictObject({ all: z.enum(['yes', 'no']).default('no') })

const exceptionShown = z.object({
  id: z.string(),
  personId: z.string(),
  kind: z.enum(['role', 'zone']),
  what: z.string(),
  reason: z.string(),
  ownerId: z.string(),
  lastsMs: z.int(),
  state: z.enum(['proposed', 'holds', 'rejected', 'ended']),
  proposed: z.object({ atMs: z.int(), by: z.string() }),
  decided: z.object({ atMs: z.int(), by: z.string() }).optional(),
  untilMs: z.int().optional(),
  ended: z.object({ atMs: z.int(), by: z.string() }).optional(),
})
export type ExceptionShown = z.infer<typeof exceptionShown>
export const exceptionsShown = z.object({ exceptions: z.array(exceptionShown) })
