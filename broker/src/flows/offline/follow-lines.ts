// Whether lines of a workstation's journal follow from what was taken of it before: whole, in order,
// unchanged, each once. Pure; what they mean is not looked at here.

import { createHash } from 'node:crypto'
import { offlineEntry } from '@wardkey/protocol/workstation/offline-entries'
import type { OfflineEntry } from '@wardkey/protocol/workstation/offline-entries'

export interface Upto {
  readonly seq: number
  /** SHA-256 of that line, hex. */
  readonly hash: string
}

/** As far as it was taken, and what its last lines were. */
export interface Taken extends Upto {
  /** The beginnings of their hashes one after the other, up to that line. */
  readonly marks?: string | undefined
}

/** 64 bits: a journal that is put back to an earlier day is no forgery that somebody works at. */
const markLength = 16
/** Longer than any that is told again; what is before is taken for the same. */
const marksMax = 1024 * markLength

/** Before the first line of a journal. */
export const beforeAll: Upto = { seq: 0, hash: '0'.repeat(64) }

export type Followed =
  | {
      readonly kind: 'follows'
      /** What was not taken before; none where all of it was. */
      readonly entries: readonly OfflineEntry[]
      readonly upto: Upto
      readonly marks: string
    }
  | { readonly kind: 'broken'; readonly reason: BrokenReason; readonly seq: number }

export type BrokenReason = 'not-understood' | 'gap' | 'not-the-line-before' | 'too-many-journals'

/**
 * A line that was taken before must be that same line: a workstation whose disk was put back to an
 * earlier day goes on from there, and what it did since would be taken for what it did then.
 */
export function followLines(lines: readonly string[], taken: Taken): Followed {
  const entries: OfflineEntry[] = []
  let { marks = '' } = taken
  let upto: Upto = { seq: taken.seq, hash: taken.hash }
  let before: Upto | undefined
  for (const line of lines) {
    const entry = parseEntry(line)
    if (!entry) return broken('not-understood', (before?.seq ?? upto.seq) + 1)
    const { seq, previous } = entry
    if (before && seq !== before.seq + 1) return broken('gap', seq)
    if (before && previous !== before.hash) return broken('not-the-line-before', seq)
    const hash = hashOf(line)
    if (seq > upto.seq + 1) return broken('gap', seq)
    if (seq === upto.seq + 1) {
      if (previous !== upto.hash) return broken('not-the-line-before', seq)
      entries.push(entry)
      upto = { seq, hash }
      marks += hash.slice(0, markLength)
    } else if (!isSame({ seq, hash }, taken)) {
      return broken('not-the-line-before', seq)
    }
    before = { seq, hash }
  }
  return { kind: 'follows', entries, upto, marks: marks.slice(-marksMax) }
}

/** True where it is not known any more what the line was. */
function isSame({ seq, hash }: Upto, taken: Taken): boolean {
  if (seq === taken.seq) return hash === taken.hash
  const { marks = '' } = taken
  const from = marks.length - (taken.seq - seq + 1) * markLength
  return from < 0 || marks.slice(from, from + markLength) === hash.slice(0, markLength)
}

export function hashOf(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex')
}

function parseEntry(line: string): OfflineEntry | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
  const parsed = offlineEntry.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

function broken(reason: BrokenReason, seq: number): Followed {
  return { kind: 'broken', reason, seq }
}
