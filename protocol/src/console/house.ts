// The house as it is now: each workstation by its zone, who is there, and how that is known.

import { z } from 'zod'
import { personId, sessionId, workstationId } from '../ids.ts'
import { personSummary } from '../admin/people.ts'

/**
 * `open`: somebody's chart can be seen, whatever became of the link; `silent`: it is connected to no
 * broker; `locked`: sessions wait there; `free`: nobody's; `never`: it was enrolled and has not come
 * yet.
 */
export const workstationState = z.enum(['open', 'locked', 'free', 'silent', 'never'])

/** What speaks for somebody being there. Confidence is in percent, 0 to 100. */
export const presenceShown = z.object({
  kind: z.string(),
  confidence: z.int().min(0).max(100),
  fromMs: z.int(),
  untilMs: z.int().optional(),
})

const sessionHere = z.object({
  sessionId,
  /** Absent, as names and presence are, for who may not see who is where. */
  personId: personId.optional(),
  /** Absent once it was forgotten. */
  name: personSummary.shape.name,
  state: z.enum(['open', 'locked']),
  acr: z.string(),
  openedMs: z.int(),
  changedMs: z.int(),
  /** Where it was opened in an emergency. */
  emergency: z.object({ grantId: z.uuid(), untilMs: z.int() }).optional(),
  presence: z.array(presenceShown),
})

export const workstationNow = z.object({
  workstationId,
  place: z.string(),
  state: workstationState,
  /** Since when it is `open` or `locked`, or enrolled without having come; absent otherwise. */
  sinceMs: z.int().optional(),
  /** The open one first. */
  sessions: z.array(sessionHere),
  /** `elsewhere`: another broker has said within seconds that it has it. */
  link: z.enum(['here', 'elsewhere', 'away']),
  reachedMs: z.int().optional(),
  agentVersion: z.string().optional(),
  reader: z.string().optional(),
  browser: z.string().optional(),
})
export type WorkstationNow = z.infer<typeof workstationNow>

export const houseNow = z.object({
  atMs: z.int(),
  zones: z.array(
    z.object({
      zoneId: z.string(),
      kind: z.string(),
      label: z.string(),
      mode: z.string(),
      workstations: z.array(workstationNow),
    }),
  ),
})
export type HouseNow = z.infer<typeof houseNow>

/** What is to be locked at once: sessions stay, and open again by a tap. */
export const lockOrder = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('workstation'), workstationId }),
  z.strictObject({ what: z.literal('zone'), zoneId: z.string().max(63) }),
])
export type LockOrder = z.infer<typeof lockOrder>
export const lockDone = z.object({
  /** Screens that were open and are told to lock. */
  screens: z.int().min(0),
})
