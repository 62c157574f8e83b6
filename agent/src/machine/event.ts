// Everything that can happen to a workstation. Time arrives with each event, on a clock that only
// goes forward; ids are made outside and handed in.

import type { CeremonyId, SessionId, TapId } from '@wardkey/protocol/ids'
import type { LeaveReason } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { ScreenInput, Surroundings } from './screen-view.ts'
import type { Card, Offline } from './state.ts'

export type Happening =
  | {
      readonly kind: 'card-seen'
      readonly card: Card
      /** Fresh for each card seen; the machine uses it or not. */
      readonly tapId: TapId
      /** False for a card that lay there already when its reader came up: nobody showed it now. */
      readonly isShown: boolean
    }
  /** The same card once more, too soon to be another tap: it takes a sign-out back, and no more. */
  | { readonly kind: 'card-again'; readonly card: Card }
  /** Which one, where the reader knew: the one that lay there is no longer in place. */
  | { readonly kind: 'card-gone'; readonly card?: Card }
  /** A sensor sees somebody before the screen, or nobody; how sure it is, from 0 to 1. */
  | { readonly kind: 'body-sensed'; readonly isNear: boolean; readonly confidence: number }
  /** What sensors said counts no more: they are gone, or not to be believed. */
  | { readonly kind: 'body-lost' }
  /**
   * Keys, pointer or touch in a session's own chart, told only where the desktop cannot say when
   * it was last used: nothing that a page does by itself.
   */
  | { readonly kind: 'chart-used'; readonly sessionId: SessionId }
  /** Until when this workstation may decide by itself; without it, not at all. */
  | { readonly kind: 'offline-changed'; readonly offline?: Offline }
  /** Something was held to the reader that is nobody's badge, or was taken away too soon. */
  | { readonly kind: 'card-refused'; readonly code: 'card-not-read' | 'card-not-a-badge' }
  | { readonly kind: 'reader-changed'; readonly reader: Surroundings['reader'] }
  | {
      readonly kind: 'link-changed'
      readonly link: Surroundings['link']
      /** Wall clock, only to be shown. */
      readonly wallMs: number
      /** How long nothing had been heard when that was noticed: so long it was down already. */
      readonly silentMs?: number
    }
  | {
      readonly kind: 'broker-said'
      readonly frame: BrokerFrame
      /** By a broker, over its line: what this workstation answers itself comes without. */
      readonly isOverLine?: true
    }
  /** The broker answered that it failed, or said nothing in time: no answer will come. */
  | { readonly kind: 'tap-unanswered'; readonly tapId: TapId }
  | { readonly kind: 'signature-unanswered'; readonly ceremonyId: CeremonyId }
  /** `tapId` is fresh: what a person does on the screen may begin a question. */
  | { readonly kind: 'screen-said'; readonly input: ScreenInput; readonly tapId: TapId }
  /** The broker has taken in what was decided alone: the open screen stays, or is asked anew. */
  | {
      readonly kind: 'alone-confirmed'
      readonly sessionId: SessionId
      readonly isKept: boolean
    }
  /** The lock screen's own window came or went. */
  | { readonly kind: 'window-changed'; readonly isThere: boolean }
  /** Keyboard or pointer was used somewhere on this desktop, so long ago. */
  | { readonly kind: 'input-seen'; readonly agoMs: number }
  | { readonly kind: 'launch-stage'; readonly sessionId: SessionId; readonly stage: string }
  | { readonly kind: 'launch-shown'; readonly sessionId: SessionId }
  /** `isCut`: the broker's web address did not answer; another may, with steps of its own. */
  | { readonly kind: 'launch-failed'; readonly sessionId: SessionId; readonly isCut?: true }
  /** The page that an errand opened is over, whatever came of it. */
  | { readonly kind: 'page-ended'; readonly tapId: TapId }
  | { readonly kind: 'browser-changed'; readonly browser: Surroundings['browser'] }
  /** Something that ends in locked whatever was going on. */
  | { readonly kind: 'lock-now'; readonly reason: LeaveReason }
  | { readonly kind: 'tick' }

export interface Event {
  readonly nowMs: number
  readonly happening: Happening
}
