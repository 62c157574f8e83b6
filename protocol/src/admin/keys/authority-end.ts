// The workstation authority as the admin door shows and takes it where the present one is to end:
// who would be lost, what stands in the way, and the words of the two who end it all the same.

import { z } from 'zod'

/** More are not listed; the count is whole. */
export const lostMax = 500

const count = z.int().min(0)

const lost = z.object({
  workstationId: z.string(),
  place: z.string(),
  zoneId: z.string(),
  /** It has said that it believes the next one: its next renewal is by it. */
  believes: z.boolean(),
  /** When it was reached last; absent where it never was. */
  reachedMs: z.int().optional(),
})

export const authorityShown = z.object({
  /** Of the present one's certificate. */
  present: z.string(),
  next: z
    .object({ sha256: z.string(), state: z.enum(['prepared', 'rotating', 'taken-back']) })
    .optional(),
  /** Somebody has asked to end the present one though so many would be lost. */
  asked: z.object({ by: z.string(), atMs: z.int(), without: count }).optional(),
  /** Active workstations that have no certificate of the next one, and would be lost. */
  without: count,
  /** Those, the ones that were not reached for longest first. */
  lost: z.array(lost).max(lostMax),
  /** Brokers that lack files of the next one: while there is one, nothing is rotated or ended. */
  lacking: z.array(z.object({ at: z.string(), missing: z.array(z.string()) })),
})
export type AuthorityShown = z.infer<typeof authorityShown>

/** How many were shown as lost: where there are more by then, the word does not count. */
export const authorityEndOrder = z.strictObject({ without: count }).readonly()
export const authorityEndDecision = z
  .strictObject({ outcome: z.enum(['approved', 'rejected']), without: count })
  .readonly()
