// What the machine wants done. Data only; the runtime carries it out, in order, and whatever comes
// of it comes back as an event.

import type { CeremonyId, SessionId, TapId } from '@wardkey/protocol/ids'
import type { LaunchStep, OpenWeb } from '@wardkey/protocol/launch-steps'
import type {
  ErrandAnswer,
  GapReason,
  LeaveReason,
  ReasonChoice,
} from '@wardkey/protocol/workstation/agent-frames'
import type { ErrandKind } from '@wardkey/protocol/workstation/errands'
import type { Banner, Surroundings } from './screen-view.ts'
import type { Card, Who } from './state.ts'

/** `isAlone`: put to what this workstation knows by itself, since no broker can be asked. */
type Question = { readonly tapId: TapId; readonly isAlone: boolean }

export type Effect =
  | ({ readonly kind: 'send-tap'; readonly card: Card } & Question)
  | ({
      readonly kind: 'send-break-glass'
      readonly who: Who
      readonly choice: ReasonChoice
    } & Question)
  | ({ readonly kind: 'send-pin'; readonly pin: string } & Question)
  | ({ readonly kind: 'send-witness'; readonly card: Card } & Question)
  | {
      readonly kind: 'send-errand'
      readonly tapId: TapId
      readonly errand: ErrandKind
      readonly card?: Card
    }
  | {
      readonly kind: 'send-errand-answer'
      readonly tapId: TapId
      readonly answer: ErrandAnswer
      readonly card?: Card
    }
  | {
      readonly kind: 'send-cancel'
      readonly tapId: TapId
      readonly isAlone: boolean
      readonly reason: 'not-me' | 'timeout' | 'superseded' | 'locked'
    }
  /** Must arrive, also after a broken link: the broker's session is locked by it. */
  | { readonly kind: 'send-leave'; readonly sessionId: SessionId; readonly reason: LeaveReason }
  /** Must arrive: a session that waited here is over, and its EHRs are to hear of it. */
  | {
      readonly kind: 'send-end'
      readonly sessionId: SessionId
      readonly reason: 'too-many-suspended' | 'suspended-too-long'
    }
  | {
      readonly kind: 'send-lock-was-wrong'
      readonly sessionId: SessionId
      readonly reason: LeaveReason
    }
  /** Ends in `admitted` for that tap, in a lock, or in `tap-unanswered`. */
  | {
      readonly kind: 'send-launch-again'
      readonly tapId: TapId
      readonly sessionId: SessionId
    }
  | {
      readonly kind: 'send-launched'
      readonly sessionId: SessionId
      readonly outcome: 'shown' | 'failed'
    }
  /** Must arrive: what was proved before the sleep counts no longer here. */
  | { readonly kind: 'send-resumed'; readonly reason: GapReason }
  | {
      readonly kind: 'send-presence'
      readonly sessionId: SessionId
      readonly evidence: 'tap' | 'input' | 'card-in-place' | 'proximity' | 'door' | 'ehr-activity'
      readonly confidence: number
    }
  | {
      readonly kind: 'send-health'
      readonly reader: Surroundings['reader']
      readonly browser: Surroundings['browser']
    }
  | {
      readonly kind: 'send-sign-tap'
      readonly ceremonyId: CeremonyId
      readonly tapId: TapId
      readonly card: Card
    }
  | { readonly kind: 'send-sign-pin'; readonly ceremonyId: CeremonyId; readonly pin: string }
  | {
      readonly kind: 'send-sign-cancel'
      readonly ceremonyId: CeremonyId
      readonly reason: 'not-me' | 'timeout' | 'locked'
    }
  /** First of all effects where there is one: nothing of the session may be seen after it. */
  | { readonly kind: 'cover'; readonly sessionId: SessionId }
  /** Ends in `launch-shown`, or in `launch-failed` where the windows are gone. */
  | { readonly kind: 'reveal'; readonly sessionId: SessionId }
  /** Ends in `launch-shown` or `launch-failed`. */
  | {
      readonly kind: 'launch'
      readonly sessionId: SessionId
      readonly steps: readonly LaunchStep[]
    }
  /** A page of nobody's session before the lock screen. Ends in `page-ended` at the latest. */
  | {
      readonly kind: 'open-page'
      readonly tapId: TapId
      readonly page: OpenWeb
      readonly hasEmergency: boolean
    }
  /** First of all effects where there is one: nothing of the page may be seen after it. */
  | { readonly kind: 'close-page'; readonly tapId: TapId }
  | { readonly kind: 'end-launch'; readonly sessionId: SessionId }
  /** Over the chart, for a moment: it asks nothing and takes no input away. */
  | { readonly kind: 'banner'; readonly sessionId: SessionId; readonly banner: Banner }
