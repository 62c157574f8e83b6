// What a PIN may be, and how wrong ones slow down. Pure.

/** Wrong PINs in a row that a person may give before the PIN waits. */
export const failuresBeforeLock = 5
/**
 * After this many in a row the PIN works no more until it is set anew (SP 800-63B-4 §3.2.2: 100).
 */
export const failuresMax = 20
export const workstationFailuresBeforeLock = 15

const minuteMs = 60_000
const firstLockMs = 15 * minuteMs
const lockMaxMs = 8 * 60 * minuteMs
/** Later than any clock: the last millisecond a date can be. */
export const foreverMs = 8_640_000_000_000_000

/**
 * How long a PIN waits after this many wrong ones in a row: a quarter of an hour, doubling, so that
 * nobody gets more than five guesses in any quarter of an hour, however they are interleaved.
 */
export function lockMsAfter(failures: number): number {
  if (failures < failuresBeforeLock) return 0
  if (failures >= failuresMax) return foreverMs
  return Math.min(lockMaxMs, firstLockMs * 2 ** (failures - failuresBeforeLock))
}

/**
 * The same for a workstation, whoever's PINs they were: short waits, since a colleague may be the
 * next to stand there, but enough that a stolen box of badges is not tried out at one keyboard.
 */
export function workstationLockMsAfter(failures: number): number {
  if (failures < workstationFailuresBeforeLock) return 0
  return Math.min(5 * minuteMs, 30_000 * 2 ** (failures - workstationFailuresBeforeLock))
}

/** Tries before the next lock; told to the person only when it is fewer than all. */
export function triesLeft(failures: number): number {
  return Math.max(1, failuresBeforeLock - failures)
}

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
