// The export of a record, line by line (NDJSON): a header, entries in order, and after the entries
// that it covers each signed checkpoint; what retention took is a hash in its place. Parsed with
// limits, since an auditor gets it from anybody.

import { z } from 'zod'

/**
 * An entry of 16 kB in JSON escapes, or a checkpoint over `signedMax` entries, fits well within.
 */
export const lineBytesMax = 512 * 1024

/** One checkpoint signs at most so many entries, so that its line stays within the limit. */
export const signedMax = 4096

/** A record that changes its key each month has fewer in sixteen years. */
export const keyChangesMax = 200

const header = z.strictObject({
  kind: z.literal('header'),
  format: z.literal('wardkey-record-1'),
  origin: z.string().max(255),
  /** For people; nobody signed it. */
  exportedMs: z.int(),
  /** Changes of the record's key, in their order: each is believed for its signatures only. */
  keyChanges: z.array(z.string().max(2048)).max(keyChangesMax).optional(),
})
const entry = z.strictObject({
  kind: z.literal('entry'),
  index: z.int().min(0),
  body: z.string().max(200_000),
})
const checkpoint = z.strictObject({
  kind: z.literal('checkpoint'),
  note: z.string().max(8192),
  /** Leaf hashes since the checkpoint before, base64. Believed only if the signed root follows. */
  leaves: z.string().max(200_000),
})
/** In the place of an entry whose time was over: its leaf hash, which is all that is left. */
const gone = z.strictObject({
  kind: z.literal('gone'),
  index: z.int().min(0),
  leaf: z.string().length(44),
})
/** What went in one purge, after its fact (retention/purge-statement). */
const purge = z.strictObject({
  kind: z.literal('purge'),
  number: z.int().min(1),
  list: z.string().max(200_000),
})
const recordLine = z.discriminatedUnion('kind', [header, entry, checkpoint, gone, purge])

export type RecordLine = z.infer<typeof recordLine>

/** Nothing where the line is not one of ours: the verifier says so and where. */
export function parseRecordLine(text: string): RecordLine | undefined {
  if (text.length > lineBytesMax) return undefined
  try {
    return recordLine.safeParse(JSON.parse(text)).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
