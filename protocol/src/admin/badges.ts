// Badges as the admin door takes and shows them.

import { z } from 'zod'
import { badgeId, personId } from '../ids.ts'
import { cardClaim } from '../workstation/agent-frames.ts'

export const newBadge = z.strictObject({
  card: cardClaim,
  /** The card's make, where it is better or worse than its reader lets one think. */
  technology: z.string().max(40).optional(),
})
export type NewBadge = z.infer<typeof newBadge>
export const badgeEnrolled = z.object({ badgeId })

export const badgeStatus = z.enum(['active', 'suspended', 'lost', 'replaced', 'expired'])
export const badgeChange = z.strictObject({ status: badgeStatus })
export type BadgeChange = z.infer<typeof badgeChange>

export const badgeShown = z.object({
  badgeId,
  personId,
  /** The canonical number; absent once the person was forgotten. */
  number: z.string().optional(),
  technology: z.string(),
  assurance: z.int(),
  status: badgeStatus,
  /** Of one that is suspended: it waits for a loaner's end, and comes back by itself. */
  isResting: z.boolean(),
  fromMs: z.int(),
  /** When it came to be as it is: lost, suspended, usable again. */
  sinceMs: z.int(),
  untilMs: z.int().optional(),
  /** Of a loaner: when it ends by itself. */
  endsMs: z.int().optional(),
})
export type BadgeShown = z.infer<typeof badgeShown>
export const badgesPage = z.object({ badges: z.array(badgeShown) })
