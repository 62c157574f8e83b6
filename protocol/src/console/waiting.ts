// How much waits for somebody, in numbers alone: what the rail of the console shows beside a page.

import { z } from 'zod'

/** Each of them only where she may see the list itself. */
export const waiting = z.object({
  /** Emergency accesses whose review is open. */
  reviews: z.int().optional(),
  /** Alerts that nobody has acknowledged, of the kinds that she may see. */
  alerts: z.int().optional(),
  /** Entries of access reviews that nobody has decided; to a reviewer only hers. */
  entries: z.int().optional(),
})
export type Waiting = z.infer<typeof waiting>
