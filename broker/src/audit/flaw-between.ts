// What happened to a record, as far as the list of what was signed and the list of what is there
// can say: the first place where they differ, and the plainest story that fits. Pure.

import type { Hash } from './merkle/tree-hash.ts'

export type Flaw =
  /** This entry is not what was signed at its place. */
  | 'changed'
  /** An entry that was signed is not there; this one stands in its place. */
  | 'missing'
  /** Entries that were signed stand in another order. */
  | 'reordered'
  /** An entry that nobody signed here stands between those that were. */
  | 'inserted'
  /** Entries as they were signed, under other numbers than they have. */
  | 'misnumbered'
  /** The record ends before an earlier checkpoint does. */
  | 'truncated'
  /** The record does not continue the earlier checkpoint: another history. */
  | 'forked'
  /** A signature does not hold, or a checkpoint does not fit what is before it. */
  | 'checkpoint'
  /** This entry changes the record's key, and the key before did not sign that. */
  | 'key-change'
  /** A checkpoint was signed with a key of the record's that had ended. */
  | 'key-ended'
  /** From here on no checkpoint was cosigned by as many witnesses as are demanded. */
  | 'unwitnessed'
  /** A line is not of this format. */
  | 'unreadable'

/** The first difference, or nothing where both are the same. */
export function flawBetween(
  signed: readonly Hash[],
  found: readonly Hash[],
): { readonly flaw: Flaw; readonly offset: number } | undefined {
  const count = Math.max(signed.length, found.length)
  for (let offset = 0; offset < count; offset++) {
    const wanted = signed[offset]
    const here = found[offset]
    if (wanted && here && wanted.equals(here)) continue
    return { flaw: storyOf(signed.slice(offset), found.slice(offset)), offset }
  }
  return undefined
}

/** Both begin where they first differ. */
function storyOf(signed: readonly Hash[], found: readonly Hash[]): Flaw {
  const [wanted] = signed
  const [here] = found
  if (!here) return 'missing'
  if (!wanted) return 'inserted'
  const isFoundLater = found.some((hash) => hash.equals(wanted))
  const isSignedLater = signed.some((hash) => hash.equals(here))
  if (isFoundLater && isSignedLater) return 'reordered'
  if (isFoundLater) return 'inserted'
  if (isSignedLater) return 'missing'
  return 'changed'
}
