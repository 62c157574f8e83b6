// From a card to what the store knows it by: a keyed hash, so that a copy of the database does not
// tell anybody's badge number, and 16 million of them cannot simply be tried.

import { createHmac } from 'node:crypto'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'

/** HMAC-SHA-256 over class and canonical identity, hex. A simulated card is a CSN to the demo. */
export function lookupOf(card: CardClaim, key: Uint8Array): string {
  const text = `${classOf(card)}\n${card.format ?? ''}\n${card.canonical}`
  return createHmac('sha256', key).update(text).digest('hex')
}

function classOf(card: CardClaim): 'csn' | 'wiegand' {
  return card.technology === 'wiegand' ? 'wiegand' : 'csn'
}
