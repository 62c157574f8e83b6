// Figures of the house, month by month, as the admin door shows them; what each means is in
// docs/figures.md. They name nobody.

import { z } from 'zod'

/** Absent where nothing happened that it could be the middle of. */
const median = z.int().optional()

const period = z.object({
  fromMs: z.int(),
  /** Not itself. */
  untilMs: z.int(),
  /** People who began, and those of them whose first day had no tap refused for a right. */
  dayOne: z.object({ people: z.int(), right: z.int() }),
  /** Ends of access that found a screen open, and how long until the last of hers was locked. */
  revoked: z.object({ count: z.int(), medianMs: median }),
  exceptions: z.object({ approved: z.int(), ended: z.int(), medianHeldMs: median }),
  /** Reviews of emergency access that fell due, and those of them that were closed in time. */
  reviews: z.object({ due: z.int(), inTime: z.int() }),
  /** Alerts closed as confirmed: from the first fact to the alert, and from there to an end. */
  incidents: z.object({ count: z.int(), medianDetectMs: median, medianContainMs: median }),
  sharing: z.int(),
  lostBadges: z.int(),
})
export type FiguresOf = z.infer<typeof period>

export const figuresQuery = z.strictObject({
  months: z.coerce.number().int().min(1).max(24).default(6),
})
export const figuresShown = z.object({
  /** Of the time zone of the site; the newest first, which is not over. */
  months: z.array(period),
})
export type FiguresShown = z.infer<typeof figuresShown>
