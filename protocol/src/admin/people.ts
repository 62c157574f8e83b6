// People as the admin door takes and shows them.

import { z } from 'zod'
import { personId, sessionId, workstationId } from '../ids.ts'
import { staffNumber } from '../workstation/agent-frames.ts'
import { limit } from './scopes.ts'

const nameText = z
  .string()
  .trim()
  .min(1)
  .max(60)
  // A name must not be able to hide or turn round text.
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)
const name = z.strictObject({ given: nameText, family: nameText })
const role = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)
const roles = z.array(role).min(1).max(32)
export const personStatus = z.enum(['pre-hire', 'active', 'on-leave', 'suspended', 'terminated'])

export const newPerson = z.strictObject({
  name,
  roles,
  /** The number that HR knows her by: for emergency access without her badge. */
  staffNumber: staffNumber.optional(),
})
export type NewPerson = z.infer<typeof newPerson>
export const personAdded = z.object({ personId })

export const personChange = z.strictObject({
  name: name.optional(),
  roles: roles.optional(),
  /** `null` takes it away. */
  staffNumber: staffNumber.nullable().optional(),
  /** Back from leave or suspension. */
  isActive: z.literal(true).optional(),
})
export type PersonChange = z.infer<typeof personChange>

/** `terminated` is for good: badges and PIN are void. */
export const revocation = z.strictObject({
  status: z.enum(['on-leave', 'suspended', 'terminated']),
})
export const revoked = z.object({ sessions: z.int().min(0) })

/** A PIN, only ever in a body: never in an address, a header or an answer. */
export const newPin = z.strictObject({ pin: z.string().regex(/^[0-9]{4,12}$/) })

export const personSummary = z.object({
  personId,
  /** Absent once it was forgotten. */
  name: z.object({ given: z.string(), family: z.string() }).optional(),
  status: personStatus,
  roles: z.array(z.string()),
})
export type PersonSummary = z.infer<typeof personSummary>

export const peopleQuery = z.strictObject({ after: personId.optional(), limit })
export const peoplePage = z.object({
  people: z.array(personSummary),
  /** Where the next page begins; absent on the last. */
  next: personId.optional(),
})

/** A session that has not ended: who is where now. */
export const sessionShown = z.object({
  sessionId,
  personId,
  name: personSummary.shape.name,
  state: z.enum(['open', 'locked']),
  workstationId,
  place: z.string(),
  zoneId: z.string(),
  acr: z.string(),
  openedMs: z.int(),
  changedMs: z.int(),
  /** 0 where no PIN was given. */
  pinAtMs: z.int(),
})
export type SessionShown = z.infer<typeof sessionShown>
export const sessionsPage = z.object({ sessions: z.array(sessionShown) })

export const personShown = personSummary.extend({
  pin: z.enum(['set', 'none', 'locked']),
  badges: z.int().min(0),
  /** Absent where she has none, or it was forgotten. */
  staffNumber: z.string().optional(),
  session: sessionShown.optional(),
})
export type PersonShown = z.infer<typeof personShown>
