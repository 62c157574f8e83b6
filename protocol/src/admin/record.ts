// The record as the admin door shows it, and its proofs. What proves the whole of it is the export,
// read by wardkey-record.

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

const factShown = z.object({
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
  /** What this broker cosigns with, where it is the witness of another record. */
  witnessKey: z.string(),
})
export type RecordHead = z.infer<typeof recordHead>

/** A size, or a place in the record, as an address has it. */
const place = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
/** A hash in base64. */
const hash = z.string().max(44)

export const factProofQuery = z.strictObject({
  /** Of the checkpoint that it is proved under; without it, the newest. */
  size: place.optional(),
})
export const factProofParams = z.strictObject({ index: place })
export const factProof = z.object({
  index: z.int().min(0),
  /** How many facts the checkpoint covers. */
  size: z.int().min(1),
  /** The whole proof as a file (C2SP tlog-proof v1): the fact, its path, and the checkpoint. */
  proof: z.string(),
})
export type FactProofShown = z.infer<typeof factProof>

export const growthQuery = z.strictObject({
  first: place,
  /** Without it, the size of the newest checkpoint. */
  second: place.optional(),
})
export const growthProof = z.object({
  first: z.int().min(0),
  second: z.int().min(0),
  firstRoot: hash,
  secondRoot: hash,
  /** The consistency proof between them (RFC 9162 §2.1.4). */
  hashes: z.array(hash),
})
