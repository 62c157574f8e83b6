// The ways in which one card's number is written elsewhere: on the badge, in a door system's
// export, by another reader. Shown at enrolment, so that whoever holds the card can see that it
// is the right one. Pure; only the canonical form is ever looked up by.

export interface CardForm {
  readonly form: string
  readonly text: string
}

/** For a card number in its canonical form; nothing where it is neither hex nor Wiegand bits. */
export function cardForms(canonical: string): readonly CardForm[] {
  const wiegand = /^([0-9]{1,3}):([0-9a-f]+)$/.exec(canonical)
  if (wiegand) return wiegandForms(Number(wiegand[1]), wiegand[2] ?? '')
  if (!/^([0-9a-f]{2})+$/.test(canonical)) return []
  const reversed = (canonical.match(/../g) ?? []).reverse().join('')
  const low = (hex: string): string => BigInt(`0x${hex.slice(-8)}`).toString()
  return [
    { form: 'hex', text: canonical },
    { form: 'hex, reversed', text: reversed },
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

function wiegandForms(bits: number, hex: string): readonly CardForm[] {
  const value = BigInt(`0x${hex}`)
  const forms = [
    { form: `Wiegand, ${String(bits)} bits`, text: value.toString(2).padStart(bits, '0') },
  ]
  if (bits !== 26) return forms
  // H10301: parity, 8 bits of facility, 16 of number, parity.
  const facility = (value >> 17n) & 0xffn
  const number = (value >> 1n) & 0xffffn
  return [...forms, { form: 'facility and number', text: `${String(facility)}-${String(number)}` }]
}
