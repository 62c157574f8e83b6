// What a string of card bits means under the site's choice of formats: a Wiegand card, a CSN that
// came the Wiegand way, or a refusal. Pure.

import {
  canonicalOfBits,
  decodeWiegand,
  wiegandFormatNames,
  wiegandFormats,
} from '@wardkey/protocol/workstation/wiegand-format'
import type { WiegandBits, WiegandFormatName } from '@wardkey/protocol/workstation/wiegand-format'
import { identifyUid, refused } from '../card-identity.ts'
import type { CardReading } from '../card-identity.ts'

/**
 * `csn`: a contactless card's UID in whole bytes, in the order of FF CA; `csn-reversed`: the last
 * byte first. Which of the two a reader sends is a setting of the reader.
 */
export const bitMeanings = [...wiegandFormatNames, 'csn', 'csn-reversed'] as const
export type BitMeaning = WiegandFormatName | 'csn' | 'csn-reversed'

/** The site's choice, by number of bits. */
export type BitMeanings = Readonly<Partial<Record<number, BitMeaning>>>

/**
 * Lengths with one layout in wide use (H10306 and N10002 share theirs). At 37 bits the site must
 * choose. A wrong choice can refuse a card, or print other numbers; it never makes another card
 * of it, because the identity is the bits.
 */
export const unambiguousMeanings: BitMeanings = {
  26: 'h10301',
  34: 'h10306',
  35: 'c1k35',
  48: 'c1k48',
}

/** The identity of a card that was read as bits. Refuses wrong parity and lengths not chosen. */
export function identifyBits(bits: WiegandBits, meanings: BitMeanings): CardReading {
  const meaning = meanings[bits.length]
  if (meaning === undefined) return refused('card-format-unknown')
  if (meaning === 'csn' || meaning === 'csn-reversed') {
    if (bits.length % 8 !== 0) return refused('card-format-unknown')
    const bytes = toBytes(bits)
    return identifyUid(meaning === 'csn' ? bytes : bytes.toReversed())
  }
  const format = wiegandFormats[meaning]
  if (format.bits !== bits.length) return refused('card-format-unknown')
  if (decodeWiegand(format, bits) === undefined) return refused('card-parity')
  return {
    kind: 'card',
    card: { technology: 'wiegand', canonical: canonicalOfBits(bits), format: format.name },
  }
}

function toBytes(bits: WiegandBits): Uint8Array {
  const count = bits.length / 8
  return Uint8Array.from({ length: count }, (_, index) =>
    Number((bits.value >> BigInt((count - 1 - index) * 8)) & 0xffn),
  )
}
