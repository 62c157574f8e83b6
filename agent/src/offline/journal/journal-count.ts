// How far the journal was on the disk when that was last counted, and what is gone of it since.
// Pure. It is sealed with the memory, not with the journal: who cuts the one has not cut the other.

import { z } from 'zod'
import type { JournalGap } from '@wardkey/protocol/workstation/journal-gaps'
import { baseOf, entryOf } from './journal-lines.ts'
import type { Base, Line } from './journal-lines.ts'

/** The last line that was durable then. */
export const journalCount = z.strictObject({
  journalId: z.uuid(),
  seq: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** When it was written, on the workstation's clock. */
  atMs: z.int().min(0),
})
export type JournalCount = z.infer<typeof journalCount>

export interface CountedLines {
  readonly journalId: string | undefined
  readonly base: Base
  /** Durable, all of them. */
  readonly lines: readonly Line[]
}

export function countOf({ journalId, lines }: CountedLines): JournalCount | undefined {
  const last = lines.at(-1)
  if (journalId === undefined || !last) return undefined
  return { journalId, ...baseOf(last), atMs: entryOf(last.text)?.atMs ?? 0 }
}

/** Nothing where all that was counted is there, or was merged since. */
export function gapAfter(
  counted: JournalCount | undefined,
  { journalId, base, lines }: CountedLines,
): Extract<JournalGap, { kind: 'lines-gone' }> | undefined {
  if (!counted) return undefined
  const { seq, atMs } = counted
  const gone = { kind: 'lines-gone', journalId: counted.journalId, seq, atMs } as const
  if (journalId !== counted.journalId) return { ...gone, foundSeq: 0 }
  if (base.seq > seq) return undefined
  const last = lines.at(-1)?.seq ?? base.seq
  if (last < seq) return { ...gone, foundSeq: last }
  const line = lines[seq - base.seq - 1]
  const { hash } = line ? baseOf(line) : base
  // Cut, and written on since: that one at least is another than it was.
  return hash === counted.hash ? undefined : { ...gone, foundSeq: seq - 1 }
}
