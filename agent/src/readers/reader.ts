// What every badge reader looks like to the rest of the agent: a source of events. It decides
// nothing about a tap, knows nobody, and keeps a card no longer than the card is there.

import type { CardRefusalCode, SeenCard } from './card-identity.ts'

export type SourceKind = 'pcsc' | 'rf-ideas' | 'simulated'

/** Why a reader, or everything behind one source, is away. */
export type ReaderDownReason = 'unplugged' | 'service-stopped' | 'failed'
export type SourceDownReason =
  /** The service behind the readers (pcscd, SCardSvr) does not run. */
  | 'service-stopped'
  /** The machine has no library for this kind of reader; nothing was ever expected here. */
  | 'library-missing'
  /** Our own part ended by surprise; it is started again. */
  | 'failed'

export interface CardSeen {
  readonly kind: 'card-seen'
  readonly readerId: string
  readonly readerName: string
  readonly card: SeenCard
  /** When the reader noticed it, on the agent's monotonic clock; reading it came after. */
  readonly atMonoMs: number
  /**
   * False if the card already lay there when the reader came up: nobody showed it just now, so it
   * must not open anything the way a tap does.
   */
  readonly fresh: boolean
}

/**
 * What a source tells. It promises, for each reader: `reader-up` comes first and `reader-down`
 * last; in between `card-seen` and `card-gone` take turns; a card that was there when its reader
 * or its service goes is `card-gone` before `reader-down`; a refused card has neither.
 */
export type ReaderEvent =
  | CardSeen
  | { readonly kind: 'card-gone'; readonly readerId: string; readonly atMonoMs: number }
  | {
      readonly kind: 'card-refused'
      readonly readerId: string
      readonly code: CardRefusalCode
      readonly atMonoMs: number
    }
  | {
      readonly kind: 'reader-up'
      readonly readerId: string
      readonly readerName: string
      readonly technology: SourceKind
    }
  | { readonly kind: 'reader-down'; readonly readerId: string; readonly reason: ReaderDownReason }
  | { readonly kind: 'source-up' }
  | {
      readonly kind: 'source-down'
      readonly reason: SourceDownReason
      /** For the operator's log only; never about a card. */
      readonly detail?: string
    }
  /** Said at least every `aliveWithinMs`, so that silence means something. */
  | { readonly kind: 'alive' }

export type ReaderEventOf<K extends ReaderEvent['kind']> = Extract<ReaderEvent, { kind: K }>

/** A source that has said nothing for this long is stuck. */
export const aliveWithinMs = 5000

export interface ReaderSource {
  readonly kind: SourceKind
  /** Once in a source's life. Trouble is told as events, never thrown. */
  start(emit: (event: ReaderEvent) => void): void
  /** Lets go of everything. Nothing is emitted once it was called; it may be called twice. */
  stop(): Promise<void>
}

/** Time as it is handed in. `monoMs` never goes back and does not care about the wall clock. */
export interface ReaderClock {
  monoMs(): number
  /** Runs once after the delay; what it returns takes that back. */
  after(delayMs: number, run: () => void): () => void
}
