// A witness as the record's desk sees it: somebody outside who is shown each new checkpoint, and
// says what it had seen before.

import type { Hash } from '../merkle/tree-hash.ts'

/** The newest checkpoint, and whatever proves that it continues older ones. */
export interface Offer {
  readonly size: number
  readonly note: string
  readonly consistency: (old: number) => Promise<readonly Hash[]>
  readonly rootAt: (size: number) => Promise<Hash>
}

export type Shown =
  /** It remembers this checkpoint now; where it signs, its lines. */
  | { readonly kind: 'kept'; readonly lines: readonly string[] }
  /** It has seen a larger record than this one. */
  | { readonly kind: 'ahead'; readonly size: number }
  /** It has seen another record of that size. */
  | { readonly kind: 'forked'; readonly size: number }
  /** It could not be asked, or its answer says nothing of the record. */
  | { readonly kind: 'failed'; readonly reason: string }

export interface Witness {
  readonly name: string
  /** Never rejects: whatever goes wrong is `failed`. */
  show(offer: Offer): Promise<Shown>
}
