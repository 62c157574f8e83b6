// What the lock screen is told to show: codes, names and times, never sentences. The sentences are
// the catalogue's (screen/page), so that no state exists which cannot be said in every language.

import type { RefusalCode } from '@wardkey/protocol/codes'

/** The state of what the workstation leans on; shown in words beside whatever is large. */
export interface Surroundings {
  /** "4 West, station 2"; empty until a broker has told it once. */
  readonly place: string
  readonly reader: 'ready' | 'none' | 'service-stopped' | 'unplugged' | 'stuck'
  readonly link: 'up' | 'connecting' | 'down' | 'not-enrolled'
  /** Wall-clock time since when the link has been down, for "since 14:02". */
  readonly linkDownSinceMs?: number
  readonly browser: 'ready' | 'missing' | 'blocked' | 'died'
  readonly serviceDesk: string
  readonly publicView: boolean
}

export type Scene =
  /** `notice` says in passing why it locked, when that was not the person's own doing. */
  | { readonly kind: 'locked'; readonly notice?: LockNotice }
  /** A card was seen; the answer is not here yet. The page itself counts the seconds. */
  | { readonly kind: 'checking'; readonly tapId: string; readonly what: 'badge' | 'pin' }
  | {
      readonly kind: 'pin'
      readonly tapId: string
      readonly name?: string
      readonly triesLeft?: number
      readonly again: boolean
      readonly digitsMin: number
      readonly digitsMax: number
    }
  | { readonly kind: 'opening'; readonly name: string; readonly stage: string }
  | {
      readonly kind: 'open'
      readonly name: string
      readonly role: string
      readonly movedFrom?: string
    }
  /** The screen fades; `untilMonoMs` counts on the agent's monotonic clock, `leftMs` from now. */
  | { readonly kind: 'leaving'; readonly name: string; readonly leftMs: number }
  | {
      readonly kind: 'refused'
      readonly code: RefusalCode
      readonly quote?: string
      readonly retryAfterMs?: number
    }
  /** A signature is asked for: the badge again, then the PIN, then the broker's word. */
  | {
      readonly kind: 'signing'
      readonly ceremonyId: string
      readonly step: 'badge' | 'pin' | 'checking'
      readonly name: string
      readonly description: string
      readonly application: string
      readonly triesLeft?: number
      readonly again: boolean
      readonly wrongBadge: boolean
      readonly digitsMin: number
      readonly digitsMax: number
      readonly leftMs: number
    }

export type LockNotice =
  | { readonly kind: 'moved'; readonly to?: string }
  | { readonly kind: 'ended' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'trouble' }

/** One whole picture; each replaces the one before it. */
export interface ScreenView {
  readonly scene: Scene
  readonly surroundings: Surroundings
}

/**
 * What a person can do on the lock screen. Parsed by zod at the screen's door before it gets here.
 */
export type ScreenInput =
  | { readonly kind: 'pin-entered'; readonly tapId: string; readonly pin: string }
  | { readonly kind: 'cancelled'; readonly tapId: string }
  | { readonly kind: 'signature-pin-entered'; readonly ceremonyId: string; readonly pin: string }
  | { readonly kind: 'signature-cancelled'; readonly ceremonyId: string }
  | { readonly kind: 'dismissed' }
  | { readonly kind: 'stayed' }
  | { readonly kind: 'lock-asked' }
