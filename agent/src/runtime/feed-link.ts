// What the broker and the link tell, as the machine's events. Frames were parsed at the link's
// door.

import type { SessionId } from '@wardkey/protocol/ids'
import type { LinkNeeds } from '../link/link.ts'
import type { Happening } from '../machine/event.ts'
import type { AlonePort } from '../offline/alone-port.ts'
import type { Clock } from '../platform/clock.ts'

export type LinkEars = Pick<
  LinkNeeds,
  'openSession' | 'known' | 'onFrame' | 'onUnanswered' | 'onState'
>

export interface FeedLinkNeeds {
  readonly post: (happening: Happening) => void
  readonly clock: Clock
  readonly openSession: () => SessionId | undefined
  readonly onUp?: (isUp: boolean) => void
  /** Hears each frame first, and whole bundles by itself: a full queue must not lose a part. */
  readonly alone: Pick<AlonePort, 'hear' | 'linkChanged' | 'known'> | undefined
}

export function feedLink({ post, clock, openSession, alone, onUp }: FeedLinkNeeds): LinkEars {
  return {
    openSession,
    known: () => alone?.known ?? {},
    onFrame: (frame, ageMs) => {
      if (alone?.hear(frame, ageMs) !== true) {
        post({ kind: 'broker-said', frame, isOverLine: true })
      }
    },
    onUnanswered: (unanswered) => {
      post(
        unanswered.kind === 'tap'
          ? { kind: 'tap-unanswered', tapId: unanswered.tapId }
          : { kind: 'signature-unanswered', ceremonyId: unanswered.ceremonyId },
      )
    },
    onState: (link, silentMs = 0) => {
      // First what it may still decide, then that there is nobody else to ask.
      alone?.linkChanged(link)
      onUp?.(link === 'up')
      post({ kind: 'link-changed', link, wallMs: clock.wallMs() - silentMs, silentMs })
    },
  }
}
