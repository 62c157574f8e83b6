// Identifiers as both sides write them: what shape each has, and nothing about what they point to.

import { z } from 'zod'

/** A UUID (RFC 9562) in its lower-case text form; any other spelling is refused, never folded. */
const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)

export const tapId = uuid.brand<'TapId'>()
export const sessionId = uuid.brand<'SessionId'>()
export const personId = uuid.brand<'PersonId'>()
export const badgeId = uuid.brand<'BadgeId'>()
export const workstationId = uuid.brand<'WorkstationId'>()
export const ceremonyId = uuid.brand<'CeremonyId'>()
export const messageId = uuid.brand<'MessageId'>()

/** A zone is named by people, in settings and in claims: short, lower case, stable. */
export const zoneId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
  .brand<'ZoneId'>()

export type TapId = z.infer<typeof tapId>
export type SessionId = z.infer<typeof sessionId>
export type PersonId = z.infer<typeof personId>
export type BadgeId = z.infer<typeof badgeId>
export type WorkstationId = z.infer<typeof workstationId>
export type CeremonyId = z.infer<typeof ceremonyId>
export type MessageId = z.infer<typeof messageId>
export type ZoneId = z.infer<typeof zoneId>
