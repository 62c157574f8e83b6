// What happened on a reader between two looks at its state. Pure. Nothing that the service
// counted goes untold, even if it was over before we looked.

import { stateBits } from './pcsc-codes.ts'

/** What we knew at the last look. */
export interface LastLook {
  readonly present: boolean
  readonly mute: boolean
  /** Insertions and removals that the service has counted; stays 0 where it does not count. */
  readonly count: number
}

export type Happening =
  /** `fresh` is false for a card that was there at our first look, or lay there silent before. */
  | { readonly kind: 'came'; readonly fresh: boolean }
  | { readonly kind: 'came-mute' }
  | { readonly kind: 'went' }
  /** Something was shown and taken away between two looks: too short to read. */
  | { readonly kind: 'flicked' }

/**
 * Compares a reader's state with the last look at it.
 *
 * A state in which neither presence nor absence is said (a wait that timed out on Windows) is no
 * news. A reader that has become unavailable counts as empty: what lay there is gone for us.
 */
export function compareLooks(
  last: LastLook | undefined,
  state: number,
  counts: boolean,
): { readonly look: LastLook | undefined; readonly happenings: readonly Happening[] } {
  if ((state & (stateBits.present | stateBits.empty | stateBits.unavailable)) === 0) {
    return { look: last, happenings: [] }
  }
  const look: LastLook = {
    present: (state & stateBits.present) !== 0 && (state & stateBits.unavailable) === 0,
    mute: (state & stateBits.mute) !== 0,
    count: counts ? (state >>> 16) & 0xffff : 0,
  }
  return { look, happenings: last === undefined ? firstLook(look) : nextLook(last, look) }
}

function firstLook(look: LastLook): readonly Happening[] {
  return look.present ? arrival(look, false) : []
}

function nextLook(last: LastLook, look: LastLook): readonly Happening[] {
  const moves = (look.count - last.count + 0x1_0000) & 0xffff
  if (!last.present && !look.present) return moves >= 2 ? [{ kind: 'flicked' }] : []
  if (!last.present) return arrival(look, true)
  if (!look.present) {
    return moves >= 3 ? [{ kind: 'went' }, { kind: 'flicked' }] : [{ kind: 'went' }]
  }
  if (moves >= 2) return [{ kind: 'went' }, ...arrival(look, true)]
  // A card that has fallen silent is gone for us; one that answers again is told, but not as a tap.
  if (!last.mute && look.mute) return [{ kind: 'went' }]
  return last.mute && !look.mute ? arrival(look, false) : []
}

function arrival(look: LastLook, fresh: boolean): readonly Happening[] {
  return [look.mute ? { kind: 'came-mute' } : { kind: 'came', fresh }]
}
