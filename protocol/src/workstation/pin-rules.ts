// What a PIN may be. The screen asks it of what was typed first; what counts is the broker's no, who
// knows her badges' numbers besides. Pure.

export type PinFlaw = 'length' | 'repeats' | 'sequence' | 'pattern' | 'date' | 'badge'

/**
 * Why a PIN would be guessed first, or nothing. `known` are digit strings that others can read:
 * badge numbers, a year of birth.
 */
export function pinFlaw(
  pin: string,
  digitsMin: number,
  digitsMax: number,
  known: readonly string[],
): PinFlaw | undefined {
  if (!/^[0-9]+$/.test(pin) || pin.length < digitsMin || pin.length > digitsMax) return 'length'
  if (new Set(pin).size <= 2) return 'repeats'
  if (isSequence(pin)) return 'sequence'
  if (isPattern(pin)) return 'pattern'
  if (isDate(pin)) return 'date'
  const isKnown = known.some((digits) => digits.length >= 4 && digits.includes(pin))
  return isKnown || known.some((digits) => digits.length >= 4 && pin.includes(digits))
    ? 'badge'
    : undefined
}

function isSequence(pin: string): boolean {
  const steps = Array.from(pin)
    .slice(1)
    .map((digit, index) => (Number(digit) - Number(pin[index]) + 10) % 10)
  return steps.every((step) => step === steps[0])
}

/** 12341234, 123123123, 11223344, 12344321. */
function isPattern(pin: string): boolean {
  const isRepeated = /^([0-9]+?)\1+$/.test(pin)
  const isPairs = /^(?:([0-9])\1)+$/.test(pin)
  return isRepeated || isPairs || (pin.length >= 6 && pin === Array.from(pin).reverse().join(''))
}

function isDate(pin: string): boolean {
  const parts =
    pin.length === 8
      ? [
          [pin.slice(0, 2), pin.slice(2, 4), pin.slice(4)],
          [pin.slice(2, 4), pin.slice(0, 2), pin.slice(4)],
          [pin.slice(6), pin.slice(4, 6), pin.slice(0, 4)],
        ]
      : pin.length === 6
        ? [
            [pin.slice(0, 2), pin.slice(2, 4), century(pin.slice(4))],
            [pin.slice(2, 4), pin.slice(0, 2), century(pin.slice(4))],
            [pin.slice(4), pin.slice(2, 4), century(pin.slice(0, 2))],
          ]
        : []
  return parts.some(([day, month, year]) => {
    const [d, m, y] = [Number(day), Number(month), Number(year)]
    return d >= 1 && d <= 31 && m >= 1 && m <= 12 && y >= 1930 && y <= 2029
  })
}

/** Any two digits are a year that somebody remembers. */
function century(year: string): string {
  return year < '30' ? `20${year}` : `19${year}`
}
