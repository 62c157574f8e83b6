// What the session's half of updates says that it waits for, for whoever asks at the workstation: a
// claim in words of a closed list. Neither part of an update leans on it.

import { z } from 'zod'
import { updateWait } from '@wardkey/protocol/workstation/updates/update-exchange'

/** What a broker or the workstation itself has against it, or that it only waits for its time. */
export const waitWord = z.enum([
  ...updateWait.options,
  /** Nothing was in the way: it asks again when the time has come. */
  'next-look',
  'not-answered',
  'not-believed',
])
export type WaitWord = z.infer<typeof waitWord>

export const sessionWaits = z.strictObject({
  version: z.literal(1),
  atMs: z.int().min(0),
  waits: waitWord,
})
export type SessionWaits = z.infer<typeof sessionWaits>

/** It is said anew each minute. */
export const waitsWithinMs = 150_000
