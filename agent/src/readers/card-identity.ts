// The one canonical identity of a card, whatever reader saw it and in whatever byte order others
// write it. Pure. It never shortens: a form that loses bits would make two cards one.

/** A card as a reader saw it. It is a claim, not proof: a UID can be copied. */
export interface SeenCard {
  readonly technology: 'csn' | 'wiegand' | 'simulated'
  /**
   * `csn`, `simulated`: lower-case hex of the bytes in the order that FF CA gives them.
   * `wiegand`: `<bits>:<hex>`, all bits as sent, parity included. Neither depends on which
   * format a site has chosen, so a changed setting never orphans an enrolled badge.
   */
  readonly canonical: string
  /** How the bits are read for people: `h10301`. Kept beside the badge, never looked up by. */
  readonly format?: string
}

export type CardRefusalCode =
  /** A UID that is new at each tap: phones, passports, random-ID mode. It names nobody. */
  | 'card-uid-random'
  /** Too few bytes, too many, or all of them the same: the reader's way of saying nothing. */
  | 'card-uid-not-valid'
  /** The card has no UID to give: a contact card, or a reader that cannot ask. */
  | 'card-no-uid'
  /** Taken away before it was read. */
  | 'card-torn'
  /** There is something, and it does not answer. */
  | 'card-mute'
  /** Another program holds it. */
  | 'card-busy'
  | 'card-unreadable'
  | 'card-parity'
  /** The reader took the parity bits away, so that nobody can check them. */
  | 'card-parity-stripped'
  /** No format is set for this number of bits, or it has several and the site has chosen none. */
  | 'card-format-unknown'

export type CardReading =
  | { readonly kind: 'card'; readonly card: SeenCard }
  | { readonly kind: 'refused'; readonly code: CardRefusalCode }

export const uidBytesMin = 4
export const uidBytesMax = 16

/**
 * The identity behind a UID as FF CA returned it.
 *
 * Refuses what names nobody: a random UID (ISO/IEC 14443-3: four bytes, the first 08), and
 * answers that are empty, short or all 00 or FF.
 */
export function identifyUid(uid: Uint8Array): CardReading {
  if (uid.length < uidBytesMin || uid.length > uidBytesMax) return refused('card-uid-not-valid')
  if (uid.every((byte) => byte === 0) || uid.every((byte) => byte === 0xff)) {
    return refused('card-uid-not-valid')
  }
  if (uid.length === 4 && uid[0] === 0x08) return refused('card-uid-random')
  return { kind: 'card', card: { technology: 'csn', canonical: toHex(uid) } }
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function refused(code: CardRefusalCode): CardReading {
  return { kind: 'refused', code }
}
