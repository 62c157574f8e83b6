// The ways in which one card's number is written elsewhere: on the badge, in a door system's
// export, by another reader. Shown at enrolment, so that whoever holds the card can see that it
// is the right one. Pure; only the canonical form is ever looked up by.

import { decodeWiegand, wiegandFormats } from '@wardkey/protocol/workstation/wiegand-format'

export interface CardForm {
  readonly form: string
  readonly text: string
}

/** For a card number in its canonical form; nothing where it is neither hex nor Wiegand bits. */
export function cardForms(canonical: string): readonly CardForm[] {
  const wiegand = /^([0-9]{1,3}):([0-9a-f]+)$/.exec(canonical)
  if (wiegand) return wiegandForms(Number(wiegand[1]), wiegand[2] ?? '')
  if (!/^([0-9a-f]{2})+$/.test(canonical)) return []
  const bytes = canonical.match(/../g) ?? []
  const reversed = [...bytes].reverse().join('')
  const low = (hex: string): string => BigInt(`0x${hex.slice(-8)}`).toString()
  return [
    { form: 'hex', text: canonical },
    { form: 'hex, reversed', text: reversed },
    { form: 'hex, bits reversed', text: bytes.map(bitsReversed).join('') },
    // More than 2^53 for seven bytes: never by way of a number.
    { form: 'decimal', text: BigInt(`0x${canonical}`).toString() },
    { form: 'decimal, reversed', text: BigInt(`0x${reversed}`).toString() },
    ...(canonical.length > 8
      ? [
          { form: 'decimal, last 32 bits', text: low(canonical) },
          { form: 'decimal, last 32 bits reversed', text: low(reversed) },
        ]
      : []),
  ]
}

/**
 * The bits, and what every format of that length would have printed on the card: of 37 bits there
 * are two, and only the card itself says which.
 */
function wiegandForms(bits: number, hex: string): readonly CardForm[] {
  const value = BigInt(`0x${hex}`)
  const printed = Object.values(wiegandFormats).flatMap((format) => {
    const numbers = decodeWiegand(format, { length: bits, value })
    if (!numbers) return []
    const { facility, card } = numbers
    const text = facility === undefined ? String(card) : `${String(facility)}-${String(card)}`
    const what = facility === undefined ? 'number' : 'facility and number'
    return [{ form: `${what} (${format.name.toUpperCase()})`, text }]
  })
  return [
    { form: `Wiegand, ${String(bits)} bits`, text: value.toString(2).padStart(bits, '0') },
    ...printed,
  ]
}

function bitsReversed(byte: string): string {
  const bits = Number.parseInt(byte, 16).toString(2).padStart(8, '0')
  return Number.parseInt(Array.from(bits).reverse().join(''), 2).toString(16).padStart(2, '0')
}
