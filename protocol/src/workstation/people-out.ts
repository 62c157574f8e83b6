// Whom the workstations of a zone let in no more, whatever their bundles say: signed by the broker
// as bundles are, and good until a bundle that was made later (decision 0038).

import { z } from 'zod'
import { personId, zoneId } from '../ids.ts'

/** So that a signed word fits one frame. */
export const peopleOutMax = 150

export const peopleOut = z.strictObject({
  version: z.literal(1),
  /** What is signed says what it is: no word is taken for a bundle, nor a bundle for a word. */
  kind: z.literal('people-out'),
  zoneId,
  /** On the broker's clock, after what they lost was durable. */
  asOfMs: z.int().min(0).max(8_640_000_000_000_000),
  people: z.array(personId).min(1).max(peopleOutMax),
})
export type PeopleOut = z.infer<typeof peopleOut>

/** `base64url(JSON) "." base64url(signature)`, under the bundle key, as a bundle is. */
export const signedPeopleOut = z
  .string()
  .max(12_000)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/)
