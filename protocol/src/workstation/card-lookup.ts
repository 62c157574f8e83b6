// From a card or a staff number to what a store or a bundle knows it by: a keyed hash, so that a
// copy does not tell anybody's badge number, and 16 million of them cannot simply be tried. Pure.

import { createHmac } from 'node:crypto'
import type { CardClaim } from './agent-frames.ts'

/**
 * HMAC-SHA-256 over technology class and canonical identity, hex. A card's format is how people
 * read it and not part of it: a changed setting must not orphan badges. A simulated card is a CSN.
 */
export function lookupOf(
  card: Pick<CardClaim, 'technology' | 'canonical'>,
  key: Uint8Array,
): string {
  return createHmac('sha256', key)
    .update(`${classOf(card)}:${card.canonical}`)
    .digest('hex')
}

export type CardClass = 'csn' | 'wiegand'

export function classOf(card: Pick<CardClaim, 'technology'>): CardClass {
  return card.technology === 'wiegand' ? 'wiegand' : 'csn'
}

/** HR writes the same number in either case. No card's text can be one: it has a colon in it. */
export function staffLookupOf(staffNumber: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(staffNumber.toUpperCase()).digest('hex')
}
