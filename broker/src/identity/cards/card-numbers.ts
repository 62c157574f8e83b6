// A card's number as other systems write it, to the one form that is looked up by. What can be
// read in two ways is not guessed at: the writer names the format. Pure.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import {
  canonicalOfBits,
  encodeWiegand,
  wiegandFormats,
} from '@wardkey/protocol/workstation/wiegand-format'
import type { WiegandFormatName } from '@wardkey/protocol/workstation/wiegand-format'

/** Formats of door systems, by the names that their makers gave them. */
const wiegandNames = {
  H10301: 'h10301',
  H10306: 'h10306',
  N10002: 'h10306',
  C1K35: 'c1k35',
  H10302: 'h10302',
  H10304: 'h10304',
  C1K48: 'c1k48',
} as const satisfies Record<string, WiegandFormatName>

export const cardNumberFormats = [
  'hex',
  'hex-reversed',
  'hex-bits-reversed',
  'decimal',
  'decimal-reversed',
  'wiegand',
  'H10301',
  'H10306',
  'N10002',
  'C1K35',
  'H10302',
  'H10304',
  'C1K48',
] as const

export interface CardNumberFormat {
  readonly name: (typeof cardNumberFormats)[number]
  /** What a list leaves out since all of it has the same: a facility code, or a UID's bytes. */
  readonly given?: number
}

/**
 * A format by its name, in any capitals; `H10301:123` for a list of numbers of that facility,
 * `decimal:7` for UIDs of seven bytes. Nothing where there is no such format.
 */
export function findCardNumberFormat(text: string): CardNumberFormat | undefined {
  const [wanted = '', given, ...rest] = text.trim().toLowerCase().split(':')
  const name = cardNumberFormats.find((known) => known.toLowerCase() === wanted)
  if (name === undefined || rest.length > 0) return undefined
  if (given === undefined) return { name }
  if (!/^[0-9]{1,7}$/.test(given)) return undefined
  const value = Number(given)
  const isBytes = name.startsWith('decimal') && [4, 7, 8, 10].includes(value)
  const isFacility = isWiegand(name) && wiegandFormats[wiegandNames[name]].facility !== undefined
  return isBytes || isFacility ? { name, given: value } : undefined
}

/** Nothing where the text is no number of that format. */
export function parseCardNumber(
  text: string,
  { name, given }: CardNumberFormat,
): CardClaim | undefined {
  if (isWiegand(name)) return printed(text, wiegandNames[name], given)
  switch (name) {
    case 'hex':
      return csn(hexOf(text))
    case 'hex-reversed':
      return csn(reversed(hexOf(text)))
    case 'hex-bits-reversed':
      return csn(bitsReversed(hexOf(text)))
    case 'decimal':
      return csn(uidOf(text, given))
    case 'decimal-reversed':
      return csn(reversed(uidOf(text, given)))
    case 'wiegand': {
      const canonical = text.trim().toLowerCase()
      const isBits = /^[0-9]{1,3}:([0-9a-f]{2}){3,32}$/.test(canonical)
      return isBits ? { technology: 'wiegand', canonical } : undefined
    }
  }
}

function isWiegand(name: CardNumberFormat['name']): name is keyof typeof wiegandNames {
  return Object.hasOwn(wiegandNames, name)
}

/** Spaces, colons and capitals are how people copy a number. */
function hexOf(text: string): string | undefined {
  const hex = text
    .trim()
    .replace(/^0x/i, '')
    .replaceAll(/[\s:-]/g, '')
    .toLowerCase()
  return /^([0-9a-f]{2}){4,16}$/.test(hex) ? hex : undefined
}

/** UIDs have 4, 7 or 10 bytes (ISO/IEC 14443-3); more than 2^53, so never by way of a number. */
function uidOf(text: string, given: number | undefined): string | undefined {
  if (!/^[0-9]{1,25}$/.test(text.trim())) return undefined
  const hex = BigInt(text.trim()).toString(16)
  const lengths = given === undefined ? [4, 7, 10] : [given]
  const bytes = lengths.find((length) => hex.length <= length * 2)
  return bytes === undefined ? undefined : hex.padStart(bytes * 2, '0')
}

function reversed(hex: string | undefined): string | undefined {
  return hex && (hex.match(/../g) ?? []).reverse().join('')
}

function bitsReversed(hex: string | undefined): string | undefined {
  const turned = (digit: string): string =>
    Array.from(Number.parseInt(digit, 16).toString(2).padStart(4, '0')).reverse().join('')
  return hex?.replaceAll(/(.)(.)/g, (_both, high: string, low: string) =>
    [low, high].map((digit) => Number.parseInt(turned(digit), 2).toString(16)).join(''),
  )
}

function csn(hex: string | undefined): CardClaim | undefined {
  return hex === undefined ? undefined : { technology: 'csn', canonical: hex }
}

/** "123-45678": the facility and the number on the card; the parity bits are worked out. */
function printed(
  text: string,
  name: WiegandFormatName,
  given: number | undefined,
): CardClaim | undefined {
  const format = wiegandFormats[name]
  const parts = /^(?:([0-9]{1,8})\s*[-:/]\s*)?([0-9]{1,11})$/.exec(text.trim())
  if (!parts) return undefined
  const written = parts[1] === undefined ? undefined : Number(parts[1])
  // A facility beside the one that all of the list has is a card of somewhere else.
  if (written !== undefined && given !== undefined && written !== given) return undefined
  const facility = written ?? given
  const bits = encodeWiegand(format, {
    card: Number(parts[2]),
    ...(facility === undefined ? {} : { facility }),
  })
  return bits && { technology: 'wiegand', canonical: canonicalOfBits(bits), format: format.name }
}
