// What the building's own access control tells: that somebody's card opened a door.

import { z } from 'zod'
import { zoneId } from '../ids.ts'
import { cardClaim } from '../workstation/agent-frames.ts'

export const doorEvent = z.strictObject({
  card: cardClaim,
  /** Through the door into its zone, or out of it. */
  direction: z.enum(['in', 'out']),
  /** The zone behind the door; absent for one that leads out of the building. */
  zoneId: zoneId.optional(),
  /** The access control's own name of the door, for the record. */
  door: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 .,:/_-]{0,63}$/),
  /** When it opened, on the access control's clock. */
  atMs: z.int().min(0).max(8_640_000_000_000_000),
})
export type DoorEvent = z.infer<typeof doorEvent>

/** How many screens were told that she has gone. */
export const doorNoted = z.object({ screensTold: z.int() })
