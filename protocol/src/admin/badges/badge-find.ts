// Finding badges by the last digits that are printed on them, as the admin door takes and shows it.
// The digits come in a body, not in an address; no number goes out.

import { z } from 'zod'
import { badgeId, personId } from '../../ids.ts'
import { badgeStatus } from '../badges.ts'

/** Of its number in any way that it is written: four at least, so that few have it. */
export const badgeSearch = z.strictObject({
  ends: z
    .string()
    .regex(/^[0-9a-f]{4,8}$/i)
    .transform((text) => text.toLowerCase()),
})

const badgeFound = z.object({
  badgeId,
  personId,
  /** Absent where the caller may not see people. */
  name: z.object({ given: z.string(), family: z.string() }).optional(),
  technology: z.string(),
  status: badgeStatus,
  /** Of one that is suspended: a loaner stands in for it, and it comes back by itself. */
  isResting: z.boolean(),
  /** How a number that ends so is written: `decimal`, `hex`. */
  form: z.string(),
})
export type BadgeFound = z.infer<typeof badgeFound>
export const badgesFound = z.object({
  badges: z.array(badgeFound),
  /** More end so than are shown. */
  hasMore: z.boolean(),
})
export type BadgesFound = z.infer<typeof badgesFound>
