// What a workstation finds gone of the journal that it had counted, as its hello tells it: a claim.
// Whether it was merged before, and nothing is missing, a broker alone knows.

import { z } from 'zod'

const seq = z.int().min(1)
const wallMs = z.int().min(0).max(8_640_000_000_000_000)

/** More at once than these is a disk that is somebody's plaything: the first ones say enough. */
export const gapsMax = 4

export const journalGap = z.discriminatedUnion('kind', [
  /** Lines were on the disk, by the sealed count, and are not any more. */
  z.strictObject({
    kind: z.literal('lines-gone'),
    journalId: z.uuid(),
    /** The last one that was counted, and when it was written by the workstation's clock. */
    seq,
    atMs: wallMs,
    /** The last one up to which they are still there; 0 where none is. */
    foundSeq: z.int().min(0),
  }),
  /** The count itself is gone or does not open: whether lines are missing cannot be said. */
  z.strictObject({ kind: z.literal('count-gone'), gapId: z.uuid(), atMs: wallMs }),
])
export type JournalGap = z.infer<typeof journalGap>
