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

/** Before the first line of a journal. */
export const beforeAll: Upto = { seq: 0, hash: '0'.repeat(64) }

export type Followed =
  | {
      readonly kind: 'follows'
      /** What was not taken before; none where all of it was. */
      readonly entries: readonly OfflineEntry[]
      readonly upto: Upto
    }
  | { readonly kind: 'broken'; readonly reason: BrokenReason; readonly seq: number }

export type BrokenReason = 'not-understood' | 'gap' | 'not-the-line-before' | 'too-many-journals'

export function followLines(lines: readonly string[], taken: Upto): Followed {
  const entries: OfflineEntry[] = []
  let upto = taken
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
    } else if (seq === taken.seq && hash !== taken.hash) {
      return broken('not-the-line-before', seq)
    }
    before = { seq, hash }
  }
  return { kind: 'follows', entries, upto }
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
