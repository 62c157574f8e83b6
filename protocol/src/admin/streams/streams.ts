// Streams of facts as the admin door shows them: how far each has come, and whether it fails.

import { z } from 'zod'

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
const index = z.int().min(0)

export const streamParams = z.strictObject({ name })

const streamShown = z.object({
  name: z.string(),
  kind: z.enum(['syslog', 'webhook', 'fhir', 'file']),
  identifiers: z.enum(['ids', 'staff-numbers', 'names']),
  state: z.enum(['waiting', 'sending', 'failing', 'not-begun']),
  /** The first fact that is not known to have arrived. */
  nextIndex: index.optional(),
  /** How far it was handed over; what lies between is sent again after a cut. */
  handedIndex: index.optional(),
  /** Facts under the newest checkpoint that are not handed over. */
  behind: index,
  /** Whether this broker sends it; of several, one does. */
  isHere: z.boolean(),
  sentMs: z.int().optional(),
  failingMs: z.int().optional(),
  /** In a word. */
  reason: z.string().optional(),
  attempts: z.int().optional(),
  /** For the receiver of a FHIR stream to know this broker by. */
  jwk: z.record(z.string(), z.unknown()).optional(),
})
export type StreamShown = z.infer<typeof streamShown>
export const streamsPage = z.object({ streams: z.array(streamShown) })

export const streamMove = z.strictObject({ to: index })
export const streamMoved = z.object({ from: index, to: index })

export const streamTested = z.object({
  isReached: z.boolean(),
  reason: z.string().optional(),
  tookMs: z.int(),
})
