// A card's number as other systems write it, to the one form that is looked up by. What can be
// read in two ways is not guessed at: the writer names the format. Pure.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'

export const cardNumberFormats = [
  'hex',
  'hex-reversed',
  'decimal',
  'decimal-reversed',
  'wiegand',
  'H10301',
] as const
export type CardNumberFormat = (typeof cardNumberFormats)[number]

/** Nothing where the text is no number of that format. */
export function parseCardNumber(text: string, format: CardNumberFormat): CardClaim | undefined {
  switch (format) {
    case 'hex':
      return csn(hexOf(text))
    case 'hex-reversed':
      return csn(reversed(hexOf(text)))
    case 'decimal':
      return csn(uidOf(text))
    case 'decimal-reversed':
      return csn(reversed(uidOf(text)))
    case 'wiegand': {
      const canonical = text.trim().toLowerCase()
      const isBits = /^[0-9]{1,3}:([0-9a-f]{2}){3,32}$/.test(canonical)
      return isBits ? { technology: 'wiegand', canonical } : undefined
    }
    case 'H10301':
      return h10301(text)
  }
}

/** Spaces, colons and capitals are how people copy a number. */
function hexOf(text: string): string | undefined {
  const hex = text.replaceAll(/[\s:-]/g, '').toLowerCase()
  return /^([0-9a-f]{2}){4,16}$/.test(hex) ? hex : undefined
}

/** UIDs have 4, 7 or 10 bytes (ISO/IEC 14443-3); more than 2^53, so never by way of a number. */
function uidOf(text: string): string | undefined {
  if (!/^[0-9]{1,25}$/.test(text.trim())) return undefined
  const hex = BigInt(text.trim()).toString(16)
  const bytes = [4, 7, 10].find((length) => hex.length <= length * 2)
  return bytes === undefined ? undefined : hex.padStart(bytes * 2, '0')
}

function reversed(hex: string | undefined): string | undefined {
  return hex && (hex.match(/../g) ?? []).reverse().join('')
}

function csn(hex: string | undefined): CardClaim | undefined {
  return hex === undefined ? undefined : { technology: 'csn', canonical: hex }
}

/** "123-45678": 8 bits of facility, 16 of number, a parity bit over each half of the 24. */
function h10301(text: string): CardClaim | undefined {
  const [, first = '', second = ''] = /^\s*([0-9]{1,3})\s*[-:/]\s*([0-9]{1,5})\s*$/.exec(text) ?? []
  const [facility, number] = [Number(first), Number(second)]
  if (first === '' || facility > 0xff || number > 0xffff) return undefined
  const data = facility * 0x10000 + number
  const isOdd = (bits: number): number => {
    let ones = 0
    for (let rest = bits; rest > 0; rest >>= 1) ones += rest & 1
    return ones % 2
  }
  const even = isOdd(data >> 12)
  const odd = 1 - isOdd(data & 0xfff)
  const value = even * 2 ** 25 + data * 2 + odd
  return { technology: 'wiegand', canonical: `26:${value.toString(16).padStart(8, '0')}` }
}
