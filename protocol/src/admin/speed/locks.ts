// How often screens locked, and how often somebody said that a lock was wrong, by zone and reason:
// what a zone's waits are tuned by. It holds no person, workstation or session.

import { z } from 'zod'

/** Of one zone, by one reason. */
const locksCounted = z.object({
  zoneId: z.string(),
  /** `idle`, `card-removed`: the broker's own words. */
  reason: z.string(),
  locks: z.int(),
  saidWrong: z.int(),
})
export type LocksCounted = z.infer<typeof locksCounted>

/** GET /admin/v1/locks */
export const locksShown = z.object({
  /** Later than what was asked for where the record has more facts than are counted at once. */
  fromMs: z.int(),
  toMs: z.int(),
  counts: z.array(locksCounted),
})
export type LocksShown = z.infer<typeof locksShown>
