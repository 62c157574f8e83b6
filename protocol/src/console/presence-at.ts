// Who was there when something was recorded: for a signature above all, whose screen it was, what
// spoke for her being there, and where the proof is.

import { z } from 'zod'
import { workstationId } from '../ids.ts'
import { span, timeline, timelineFact } from './timeline.ts'

export const factIndex = z.strictObject({
  index: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
})

export const presenceAt = z.object({
  fact: timelineFact,
  /** Where it was, as it is called now. */
  workstation: z.object({ workstationId, place: z.string(), zoneId: z.string() }),
  people: timeline.shape.people,
  /** The sessions that were open there at that moment. */
  sessions: z.array(span),
  /** What spoke for somebody being there at that moment, with how much it is worth. */
  presence: z.array(span),
  proof: z.object({
    /** Its place in the record, and the leaf's in the tree. */
    index: z.int().min(0),
    /** The first signed checkpoint that holds it; absent while it waits for one. */
    checkpoint: z.object({ size: z.int().min(1), note: z.string() }).optional(),
  }),
})
export type PresenceAt = z.infer<typeof presenceAt>
