// What the lock screen is told to show: codes, names and times, never sentences. The sentences are
// the catalogue's (screen/page), so that no state exists which cannot be said in every language.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { ErrandAnswer, ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type {
  ConfirmingBadge,
  ErrandFlaw,
  ErrandKind,
  ErrandStep,
} from '@wardkey/protocol/workstation/errands'
import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'

/** The state of what the workstation leans on; shown in words beside whatever is large. */
export interface Surroundings {
  /** "4 West, station 2"; empty until a broker has told it once. */
  readonly place: string
  readonly reader: 'ready' | 'none' | 'service-stopped' | 'unplugged' | 'stuck'
  readonly link: 'up' | 'connecting' | 'down' | 'not-enrolled' | 'copied'
  /** Wall-clock time since when the link has been down, for "since 14:02". */
  readonly linkDownSinceMs?: number
  readonly browser: 'ready' | 'missing' | 'blocked' | 'died'
  readonly serviceDesk: string
  readonly publicView: boolean
  /** Without a broker this workstation still decides, for the people it knows. */
  readonly isAlone: boolean
  /** "Emergency access" stands at its place. */
  readonly hasEmergency: boolean
}

/** What is said over a chart for a moment. */
export type Banner =
  /** Whose screen this is now, after a switch or a move. */
  | {
      readonly kind: 'yours'
      readonly name: string
      readonly movedFrom?: string
      /** What stayed over its windows from before is true no more. */
      readonly endsLasting?: true
    }
  /** Her badge on a screen that was still hers: it stays open, and the next tap signs out. */
  | { readonly kind: 'still-yours'; readonly name: string }
  /** Stays as long as the access lasts. */
  | {
      readonly kind: 'emergency'
      readonly name: string
      readonly reason: string
      readonly leftMs: number
      /** A broker is back, and the windows are what stood in for the chart. */
      readonly isDowntime?: true
      /** A badge of hers was shown here: it opens the chart in their place. */
      readonly hasBadge?: true
    }
  /** No broker is there, and the workstation decides by itself: what is shown may be old. */
  | { readonly kind: 'alone'; readonly name: string }
  /** No broker is there, and nothing that could stand in for one: the screen locks before long. */
  | { readonly kind: 'cut-off'; readonly name: string }
  /** A broker is back: what was said above is true no more. */
  | {
      readonly kind: 'confirmed'
      readonly name: string
      /** Her badge opens the chart in place of what stood in for it: said until she does. */
      readonly isDowntime?: true
    }

export type Scene =
  /** `notice` says in passing why it locked, when that was not the person's own doing. */
  | {
      readonly kind: 'locked'
      readonly notice?: LockNotice
      /** Somebody may say that it should not have locked. */
      readonly maySayWrong: boolean
      /** Something can be done about badges and PINs here. */
      readonly hasErrands: boolean
    }
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
      readonly isEmergency: boolean
      /** What helps whoever cannot remember it: a new one, with a colleague. */
      readonly errands: readonly ErrandKind[]
    }
  /** What the emergency is; none is chosen before a person chooses. */
  | {
      readonly kind: 'choosing-reason'
      readonly reasons: NonNullable<ZoneRules['emergency']>['reasons']
      readonly leftMs: number
    }
  | { readonly kind: 'identifying'; readonly leftMs: number }
  | {
      readonly kind: 'witnessing'
      readonly tapId: string
      readonly name?: string
      readonly again: boolean
      readonly isAsking: boolean
      readonly leftMs: number
    }
  | { readonly kind: 'opening'; readonly name: string; readonly stage: string }
  | {
      readonly kind: 'open'
      readonly name: string
      readonly role: string
      readonly movedFrom?: string
    }
  /** The screen fades; `untilMonoMs` counts on the agent's monotonic clock, `leftMs` from now. */
  | {
      readonly kind: 'leaving'
      readonly because: 'idle' | 'tap-out'
      /** Absent where anybody may look at the screen. */
      readonly name?: string
      readonly leftMs: number
    }
  /** Somebody else's badge: who is signed in may keep the screen for a while yet. */
  | { readonly kind: 'handing-over'; readonly name: string; readonly leftMs: number }
  | {
      readonly kind: 'refused'
      readonly code: RefusalCode
      readonly quote?: string
      readonly retryAfterMs?: number
      /** What can be done about it here. */
      readonly errands: readonly ErrandKind[]
    }
  | {
      readonly kind: 'choosing-errand'
      readonly errands: readonly ErrandKind[]
      readonly leftMs: number
    }
  | {
      readonly kind: 'errand'
      readonly errand: ErrandKind
      readonly tapId: string
      /** Absent until there is one. */
      readonly step?: ErrandStep
      readonly isAsking: boolean
      readonly isSecond: boolean
      readonly again: boolean
      readonly name?: string
      /** At `confirm`: the badge of the colleague who spoke says it, and there is no button. */
      readonly byBadge?: ConfirmingBadge
      readonly flaw?: ErrandFlaw
      readonly offersAccount?: true
      readonly triesLeft?: number
      readonly digitsMin: number
      readonly digitsMax: number
      readonly leftMs: number
    }
  | {
      readonly kind: 'errand-done'
      readonly errand: ErrandKind
      readonly name?: string
      readonly lastsMs?: number
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
  /** Nobody touched it for as long as the zone waits. */
  | { readonly kind: 'idle' }
  /** A sensor saw nobody before it. */
  | { readonly kind: 'away' }
  /** The badge was taken out of a reader where it stays in. */
  | { readonly kind: 'card-removed' }
  /** "This lock was wrong" was said, and is noted. */
  | { readonly kind: 'wrong-noted' }
  /** What the screen leans on was gone; which, since nobody sees it once it is back. */
  | { readonly kind: 'reader-lost' }
  | { readonly kind: 'link-lost' }
  | { readonly kind: 'browser-lost' }
  | { readonly kind: 'launch-failed' }
  /** Whatever else surprised the workstation. */
  | { readonly kind: 'trouble' }
  /** The computer slept, or its clock jumped as it does in a sleep. */
  | { readonly kind: 'slept' }
  /** Emergency access ran out. */
  | { readonly kind: 'emergency-over' }
  /** The network is back, and what was opened without it is opened anew. */
  | { readonly kind: 'network-back' }

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
  | { readonly kind: 'kept' }
  | { readonly kind: 'let-go' }
  | { readonly kind: 'lock-was-wrong' }
  | { readonly kind: 'errands-asked' }
  | { readonly kind: 'errand-chosen'; readonly errand: ErrandKind }
  | {
      readonly kind: 'errand-answered'
      readonly tapId: string
      readonly answer: Exclude<ErrandAnswer, { by: 'card' }>
    }
  | { readonly kind: 'errand-cancelled' }
  | { readonly kind: 'emergency-asked' }
  | { readonly kind: 'reason-chosen'; readonly choice: ReasonChoice }
  | { readonly kind: 'staff-number-entered'; readonly staffNumber: string }
  | { readonly kind: 'emergency-cancelled' }
  | { readonly kind: 'lock-asked' }
