// Roll-outs as the admin door takes and shows them: how far each ring is, and why the
// rest of it waits.

import { z } from 'zod'

export const rolloutOrder = z.strictObject({ number: z.int().min(1).max(1_000_000_000) })
export const rolloutBegun = z.object({ rolloutId: z.string(), isApproved: z.boolean() })
export const rolloutId = z.uuid()
export const rolloutSteering = z.strictObject({ what: z.enum(['pause', 'resume', 'stop']) })

const ringShown = z.object({
  size: z.int(),
  healthy: z.int(),
  failed: z.int(),
  returned: z.int(),
  /** In the middle of it. */
  began: z.int(),
  /** Those that have not begun, by why. */
  waiting: z.record(z.string(), z.int()),
  soakMs: z.int(),
  failedMax: z.int(),
})

const rolloutShown = z.object({
  rolloutId: z.string(),
  number: z.int(),
  release: z.string(),
  state: z.enum(['running', 'paused', 'stopped', 'done']),
  /** The highest ring that is open, from 0. */
  ring: z.int(),
  ringMs: z.int(),
  begunMs: z.int(),
  begunBy: z.string(),
  /** Absent while it may not go beyond the first ring. */
  approvedMs: z.int().optional(),
  approvedBy: z.string().optional(),
  rings: z.array(ringShown),
})
export type RolloutShown = z.infer<typeof rolloutShown>

export const updatesShown = z.object({
  releases: z.array(
    z.object({
      number: z.int(),
      release: z.string(),
      addedMs: z.int(),
      addedBy: z.string(),
      expiresMs: z.int(),
      targets: z.array(z.string()),
    }),
  ),
  rollouts: z.array(rolloutShown),
})
export type UpdatesShown = z.infer<typeof updatesShown>

export const ringMembersShown = z.object({
  workstations: z.array(
    z.object({
      workstationId: z.string(),
      place: z.string(),
      zoneId: z.string(),
      ring: z.int(),
      state: z.enum(['waiting', 'began', 'healthy', 'failed', 'returned']),
      /** What was wrong, or what it waits for. */
      why: z.string().optional(),
      atMs: z.int().optional(),
    }),
  ),
})
export type RingMemberShown = z.infer<typeof ringMembersShown>['workstations'][number]
