// What the workstation is, as one value: the scene it is in, and what it knows around it. There is
// no other state anywhere in the agent that decides whether a chart may be seen.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { CeremonyId, SessionId, TapId } from '@wardkey/protocol/ids'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import type { LockNotice, Surroundings } from './screen-view.ts'

/** A card as the machine compares it: canonical, kept in memory only, never logged. */
export interface Card {
  readonly technology: 'csn' | 'wiegand' | 'simulated'
  readonly canonical: string
  readonly format?: string
}

/** Whose screen it is, once the broker said so. */
export interface Seated {
  readonly sessionId: SessionId
  readonly card: Card
  readonly name: string
  readonly role: string
}

export type Signing =
  | { readonly step: 'badge'; readonly wrongBadge: boolean }
  | { readonly step: 'asking'; readonly tapId: TapId }
  | { readonly step: 'pin'; readonly again: boolean; readonly triesLeft?: number }
  | { readonly step: 'checking' }

export type Phase =
  | { readonly kind: 'locked'; readonly notice?: LockNotice }
  | {
      readonly kind: 'asking'
      readonly tapId: TapId
      readonly card: Card
      readonly untilMs: number
    }
  | {
      readonly kind: 'entering-pin'
      readonly tapId: TapId
      readonly card: Card
      readonly untilMs: number
      readonly name?: string
      readonly triesLeft?: number
      readonly again: boolean
    }
  | {
      readonly kind: 'checking-pin'
      readonly tapId: TapId
      readonly card: Card
      readonly untilMs: number
    }
  | {
      readonly kind: 'opening'
      readonly seated: Seated
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
      readonly sinceMs: number
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
      readonly code: RefusalCode
      readonly quote?: string
      readonly retryAfterMs?: number
      readonly untilMs: number
    }

/** A session whose windows are hidden here and can be brought back until then. */
export interface Covered {
  readonly sessionId: SessionId
  readonly untilMs: number
}

export interface State {
  readonly phase: Phase
  readonly surroundings: Surroundings
  readonly rules: ZoneRules
  /** The newest last. */
  readonly covered: readonly Covered[]
  /** Monotonic; while the link is down, since when. */
  readonly linkDownSinceMs?: number
  /** Sessions admitted too late, to be given back once no answer can be under way. */
  readonly late: readonly SessionId[]
}

export type PhaseOf<K extends Phase['kind']> = Extract<Phase, { kind: K }>
