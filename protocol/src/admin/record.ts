// The record as the admin door shows it. What proves it is the export, read by wardkey-record.

import { z } from 'zod'
import { personId, workstationId } from '../ids.ts'
import { limit } from './scopes.ts'

export const factsQuery = z.strictObject({
  /** Facts from this place in the record on. */
  from: z.coerce.number().int().min(0).default(0),
  limit,
  code: z
    .string()
    .regex(/^[A-Z]{3}-[0-9]{3}$/)
    .optional(),
  personId: personId.optional(),
  workstationId: workstationId.optional(),
})
export type FactsQuery = z.input<typeof factsQuery>

export const factShown = z.object({
  index: z.int().min(0),
  code: z.string(),
  atMs: z.int(),
  /** The fact as it was recorded and hashed; `sealed` stays sealed. */
  body: z.record(z.string(), z.unknown()),
})
export type FactShown = z.infer<typeof factShown>
export const factsPage = z.object({
  facts: z.array(factShown),
  /** Where the next page begins; absent where the record ends. */
  next: z.int().optional(),
})

export const recordHead = z.object({
  /** Facts in the record, signed or not yet. */
  facts: z.int().min(0),
  /** The newest checkpoint; absent while nothing is signed. */
  checkpoint: z.object({ size: z.int(), note: z.string(), atMs: z.int() }).optional(),
  /** The verifier key, as it is given to auditors. */
  key: z.string(),
})
export type RecordHead = z.infer<typeof recordHead>
