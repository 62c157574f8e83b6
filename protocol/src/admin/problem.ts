// How the broker's HTTP doors say no (RFC 9457, problem+json).

import { z } from 'zod'

export const problem = z.object({
  type: z.string().max(200),
  title: z.string().max(500),
  status: z.int().min(400).max(599),
  /** One of the codes of docs/codes.md. */
  code: z.string().max(64),
  /** What to do about it. */
  next: z.string().max(500),
  /** The field that does not parse. */
  place: z.string().max(200).optional(),
})
export type Problem = z.infer<typeof problem>
