// How many exceptions there are and how long they hold, as the admin door shows it.

import { z } from 'zod'

export const trendQuery = z.strictObject({
  weeks: z.coerce.number().int().min(1).max(104).default(12),
})
export const exceptionTrendShown = z.object({
  /** That hold now, and how long the oldest of them has. */
  standing: z.int(),
  longestMs: z.int(),
  weeks: z.array(
    z.object({
      fromMs: z.int(),
      proposed: z.int(),
      approved: z.int(),
      ended: z.int(),
      endedByHand: z.int(),
      medianHeldMs: z.int(),
    }),
  ),
})
export type ExceptionTrend = z.infer<typeof exceptionTrendShown>
