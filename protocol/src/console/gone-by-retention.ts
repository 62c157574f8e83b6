// What retention took of a class, as it is shown where its facts are asked for: up to when, when it
// was taken, and which lists say so. It names nobody.

import { z } from 'zod'
import { endingClasses } from '../retention-classes.ts'

/**
 * Facts of a class that retention took out of this time, of whomever: what is missing of them is no
 * gap. Lists are named by the numbers of their purges.
 */
export const goneByRetention = z.object({
  class: z.enum(endingClasses),
  /** Facts recorded before this may be gone; those that a hold keeps are there. */
  beforeMs: z.int(),
  lastTakenMs: z.int(),
  firstList: z.int(),
  lastList: z.int(),
})
export type GoneByRetention = z.infer<typeof goneByRetention>
