// Lines of the journal: how one follows from the other, and which of a file's lines still do. Pure.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { offlineEntry } from '@wardkey/protocol/workstation/offline-entries'
import type { OfflineEntry } from '@wardkey/protocol/workstation/offline-entries'

/** An entry before it has its place in the journal. */
export type NewEntry<E extends OfflineEntry = OfflineEntry> = E extends OfflineEntry
  ? Omit<E, 'seq' | 'previous'>
  : never

export interface Line {
  readonly seq: number
  readonly text: string
}

/** The line before the first that is kept: what the next one has to follow from. */
export interface Base {
  readonly seq: number
  readonly hash: string
}

export const nothingBefore: Base = { seq: 0, hash: '0'.repeat(64) }

export const journalHead = z.strictObject({
  version: z.literal(1),
  journalId: z.uuid(),
  seq: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})

export function baseOf({ seq, text }: Line): Base {
  return { seq, hash: createHash('sha256').update(text).digest('hex') }
}

export function lineAfter(base: Base, entry: NewEntry): Line {
  const seq = base.seq + 1
  const { kind, ...rest } = entry
  return { seq, text: JSON.stringify({ kind, seq, previous: base.hash, ...rest }) }
}

/** Nothing where it is not an entry, or does not follow. */
export function follows(base: Base, text: string): Line | undefined {
  const entry = entryOf(text)
  return entry?.seq === base.seq + 1 && entry.previous === base.hash
    ? { seq: entry.seq, text }
    : undefined
}

export function entryOf(text: string): OfflineEntry | undefined {
  try {
    return offlineEntry.safeParse(JSON.parse(text)).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
