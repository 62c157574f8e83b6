// What the workstation is, as one value: the scene it is in, and what it knows around it. There is
// no other state anywhere in the agent that decides whether a chart may be seen.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { CeremonyId, SessionId, TapId } from '@wardkey/protocol/ids'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import type { LeaveReason, ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import type {
  ConfirmingBadge,
  ErrandFlaw,
  ErrandKind,
  ErrandStep,
} from '@wardkey/protocol/workstation/errands'
import type { LockNotice, Surroundings } from './screen-view.ts'

/** A card as the machine compares it: canonical, kept in memory only, never logged. */
export interface Card {
  readonly technology: 'csn' | 'wiegand' | 'simulated'
  readonly canonical: string
  readonly format?: string
}

/** Who is asked about: a badge, or the staff number of somebody without one. */
export type Who =
  | { readonly by: 'card'; readonly card: Card }
  | { readonly by: 'staff-number'; readonly staffNumber: string }

/** Whose screen it is, once it was said. */
export interface Seated {
  readonly sessionId: SessionId
  /** Nothing where she came in without one: then no badge is hers here. */
  readonly card?: Card
  readonly name: string
  readonly role: string
  /** Decided by what this workstation knows by itself; no broker has confirmed it yet. */
  readonly isAlone: boolean
  /** Its windows are what works without a broker: where there is one again, the chart is opened. */
  readonly isDowntime?: true
  readonly emergency?: Emergency
  /** Said over its windows, and staying there: that no broker answers, and what that means. */
  readonly told?: 'alone' | 'cut-off'
}

/** Emergency access: what for, in the site's words, and until when (monotonic). */
export interface Emergency {
  readonly reason: string
  readonly untilMs: number
}

/** A question under way: to a broker, or to what this workstation knows by itself. */
export interface Asked {
  readonly tapId: TapId
  readonly who: Who
  /** Present where it is asked for as an emergency. */
  readonly choice?: ReasonChoice
  readonly isAlone: boolean
  /** When its last word went out: whoever answers has decided no earlier. */
  readonly sentMs: number
  readonly untilMs: number
}

/** Steps that are asked for once more: when, or that they are; neither once they have come. */
export interface Again {
  readonly tries: number
  readonly askMs?: number
  readonly isAsked?: true
}

export type Signing =
  | { readonly step: 'badge'; readonly wrongBadge: boolean }
  | { readonly step: 'asking'; readonly tapId: TapId }
  | { readonly step: 'pin'; readonly again: boolean; readonly triesLeft?: number }
  | { readonly step: 'checking' }

/** A lock by itself that somebody may call wrong, for a while. */
export interface Regret {
  readonly sessionId: SessionId
  readonly reason: LeaveReason
  readonly untilMs: number
}

/** What this workstation may decide with by itself while no broker answers. */
export interface Offline {
  /** Monotonic: what it knows is too old from then on. */
  readonly untilMs: number
  /** By what it knows emergency access is offered here. */
  readonly hasEmergency: boolean
}

/** What a sensor that was sure of it last said of the place before the screen. */
export interface Body {
  readonly isNear: boolean
  readonly confidence: number
  readonly atMs: number
}

export type Phase =
  | {
      readonly kind: 'locked'
      readonly notice?: LockNotice
      /** Where it passes: a moment later it may be untrue. */
      readonly noticeUntilMs?: number
      readonly regret?: Regret
    }
  | ({ readonly kind: 'asking' } & Asked)
  | ({
      readonly kind: 'entering-pin'
      readonly name?: string
      readonly triesLeft?: number
      readonly again: boolean
    } & Asked)
  | ({ readonly kind: 'checking-pin' } & Asked)
  /** Somebody asks for emergency access: first what for. */
  | {
      readonly kind: 'choosing-reason'
      /** Whose badge was shown already. */
      readonly who?: Who
      readonly untilMs: number
    }
  /** … then who it is, where no badge was shown. */
  | {
      readonly kind: 'identifying'
      readonly choice: ReasonChoice
      readonly untilMs: number
    }
  /** … and where that is weak, a colleague who says that it is she. */
  | ({
      readonly kind: 'witnessing'
      readonly name?: string
      readonly again: boolean
      readonly isAsking: boolean
    } & Asked)
  /** Something about a badge or a PIN: first what. */
  | { readonly kind: 'choosing-errand'; readonly untilMs: number }
  /** … then step by step, as the broker asks. */
  | {
      readonly kind: 'errand'
      readonly errand: ErrandKind
      readonly tapId: TapId
      /** The card that it is about, where it began with one. */
      readonly card?: Card
      /** Cards shown so far: they swing on their lanyards. */
      readonly cards: readonly Card[]
      /** Nothing until the broker has asked for one. */
      readonly step?: ErrandStep
      /** An answer is under way. */
      readonly isAsking: boolean
      /** It did not come, and was asked for once more. */
      readonly wasLate?: true
      readonly isSecond: boolean
      readonly again: boolean
      readonly name?: string
      readonly byBadge?: ConfirmingBadge
      readonly flaw?: ErrandFlaw
      /** She may sign in with her hospital account instead of a colleague. */
      readonly offersAccount?: true
      readonly triesLeft?: number
      readonly untilMs: number
    }
  | {
      readonly kind: 'errand-done'
      readonly errand: ErrandKind
      readonly name?: string
      readonly lastsMs?: number
      readonly untilMs: number
    }
  | {
      readonly kind: 'opening'
      readonly seated: Seated
      /** That it was opened by: its steps are asked for by it once more. */
      readonly tapId: TapId
      /** Its way was cut. */
      readonly again?: Again
      readonly stage: string
      readonly untilMs: number
      readonly movedFrom?: string
      /** While covered windows are brought back: what to launch should they be gone. */
      readonly otherwise?: readonly LaunchStep[]
    }
  | {
      readonly kind: 'open'
      readonly seated: Seated
      /** When it was last shown: the own badge leaves only a moment after that. */
      readonly shownMs: number
      readonly lastSignMs: number
      /** When the broker was last told that somebody is here. */
      readonly lastPresenceMs: number
      readonly movedFrom?: string
    }
  | {
      readonly kind: 'leaving'
      readonly seated: Seated
      /** Signed out by the own badge, which alone may take it back; or nobody was there. */
      readonly because: 'idle' | 'tap-out'
      readonly sinceMs: number
      readonly untilMs: number
    }
  /** Another's badge on a screen in use, in a zone that asks first: covered until it is settled. */
  | {
      readonly kind: 'handing-over'
      readonly seated: Seated
      /** Hers, from before: who flashes a badge and goes says nothing of her. */
      readonly lastSignMs: number
      readonly to: { readonly card: Card; readonly tapId: TapId }
      readonly untilMs: number
    }
  | {
      readonly kind: 'signing'
      readonly seated: Seated
      readonly ceremonyId: CeremonyId
      readonly description: string
      readonly application: string
      readonly signing: Signing
      readonly untilMs: number
      /** Of the person, not of the question: a chart that only asks must not stay open by it. */
      readonly lastSignMs: number
    }
  | {
      readonly kind: 'refused'
      /** Who was refused, should she ask for emergency access now. */
      readonly who?: Who
      readonly code: RefusalCode
      readonly quote?: string
      readonly retryAfterMs?: number
      readonly untilMs: number
    }

/** A session whose windows are hidden here and can be brought back until then. */
export interface Covered extends Pick<Seated, 'sessionId' | 'isDowntime'> {
  readonly untilMs: number
}

export interface State {
  readonly phase: Phase
  readonly surroundings: Surroundings
  readonly rules: ZoneRules
  /** The newest last. */
  readonly covered: readonly Covered[]
  /** The card that lies on the reader now. */
  readonly inPlace?: Card
  readonly body?: Body
  readonly offline?: Offline
  /** Monotonic; the link is back, and until then a broker is to confirm what was decided alone. */
  readonly confirmByMs?: number
  /** Monotonic; while a reader that was there is not. */
  readonly readerLostSinceMs?: number
  /** Monotonic; while the link is down, since when. */
  readonly linkDownSinceMs?: number
  /** Sessions admitted too late, to be given back once no answer can be under way. */
  readonly late: readonly SessionId[]
}

export type PhaseOf<K extends Phase['kind']> = Extract<Phase, { kind: K }>
