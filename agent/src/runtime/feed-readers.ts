// What readers tell, as the machine's events: a card with a fresh tap id, or the word that it was
// none. Card numbers pass through here and are kept by nobody.

import { tapId } from '@wardkey/protocol/ids'
import type { TapId } from '@wardkey/protocol/ids'
import type { Happening } from '../machine/event.ts'
import type { CardRefusalCode } from '../readers/card-identity.ts'
import type { ReaderEvent } from '../readers/reader.ts'
import type { Log } from '../platform/log.ts'

export interface FeedReadersNeeds {
  readonly post: (happening: Happening) => void
  readonly newId: () => string
  /** When the reader noticed the card: the tap's time begins there. */
  readonly onNoticed: (tapId: TapId, atMs: number) => void
  readonly log: Log
}

export function feedReaders(needs: FeedReadersNeeds): (event: ReaderEvent) => void {
  const { post, log } = needs
  return (event) => {
    switch (event.kind) {
      case 'card-seen': {
        const id = tapId.parse(needs.newId())
        needs.onNoticed(id, event.atMonoMs)
        post({ kind: 'card-seen', card: event.card, tapId: id, isShown: event.fresh })
        return
      }
      case 'card-gone':
        post({ kind: 'card-gone' })
        return
      case 'card-refused':
        log.info('reader.card-refused', { code: event.code })
        post({ kind: 'card-refused', code: refusalOf[event.code] })
        return
      case 'reader-up':
        log.info('reader.up', { kind: event.technology })
        return
      case 'reader-down':
        log.warn('reader.down', { reason: event.reason })
        return
      case 'source-up':
        return
      case 'source-down':
        log.warn('reader.source-down', { reason: event.reason })
        return
      case 'alive':
        return
    }
  }
}

/** Two things a person can do about it: show another card, or this one again. */
const refusalOf: Readonly<
  Record<CardRefusalCode, Extract<Happening, { kind: 'card-refused' }>['code']>
> = {
  'card-uid-random': 'card-not-a-badge',
  'card-uid-not-valid': 'card-not-read',
  'card-no-uid': 'card-not-a-badge',
  'card-torn': 'card-not-read',
  'card-mute': 'card-not-read',
  'card-busy': 'card-not-read',
  'card-unreadable': 'card-not-read',
  'card-parity': 'card-not-read',
  'card-parity-stripped': 'card-not-read',
  'card-format-unknown': 'card-not-a-badge',
}
