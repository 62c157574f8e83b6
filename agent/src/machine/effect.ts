// What the machine wants done. Data only; the runtime carries it out, in order, and whatever comes
// of it comes back as an event.

import type { CeremonyId, SessionId, TapId } from '@wardkey/protocol/ids'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import type { LeaveReason } from '@wardkey/protocol/workstation/agent-frames'
import type { Surroundings } from './screen-view.ts'
import type { Card } from './state.ts'

export type Effect =
  | { readonly kind: 'send-tap'; readonly tapId: TapId; readonly card: Card }
  | { readonly kind: 'send-pin'; readonly tapId: TapId; readonly pin: string }
  | {
      readonly kind: 'send-cancel'
      readonly tapId: TapId
      readonly reason: 'not-me' | 'timeout' | 'superseded' | 'locked'
    }
  /** Must arrive, also after a broken link: the broker's session is locked by it. */
  | { readonly kind: 'send-leave'; readonly sessionId: SessionId; readonly reason: LeaveReason }
  | {
      readonly kind: 'send-launched'
      readonly sessionId: SessionId
      readonly outcome: 'shown' | 'failed'
    }
  /** Must arrive: what was proved before the sleep counts no longer here. */
  | { readonly kind: 'send-resumed' }
  | {
      readonly kind: 'send-presence'
      readonly sessionId: SessionId
      readonly evidence: 'tap' | 'input'
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
  | { readonly kind: 'end-launch'; readonly sessionId: SessionId }
