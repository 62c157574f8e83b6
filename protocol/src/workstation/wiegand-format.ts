// Wiegand card formats: where facility, card and parity bits lie, checked in software because
// rf IDEAS readers never do. Pure. It guesses no format: a bit length alone is ambiguous.

/** The bits of a Wiegand card: the first one sent is the highest of `value`. */
export interface WiegandBits {
  readonly length: number
  readonly value: bigint
}

/** `26:02f623ae`. Both the length and every bit are in it; 0 in front is part of a card. */
export function canonicalOfBits(bits: WiegandBits): string {
  const digits = Math.ceil(bits.length / 8) * 2
  return `${String(bits.length)}:${bits.value.toString(16).padStart(digits, '0')}`
}

export const wiegandFormatNames = [
  'h10301',
  'h10306',
  'c1k35',
  'h10302',
  'h10304',
  'c1k48',
] as const
export type WiegandFormatName = (typeof wiegandFormatNames)[number]

/** Positions count from 1, the first bit sent, as every data sheet has them. */
interface ParityRule {
  readonly at: number
  readonly parity: 'even' | 'odd'
  readonly over: readonly number[]
}

interface Field {
  readonly from: number
  readonly length: number
}

export interface WiegandFormat {
  readonly name: WiegandFormatName
  readonly bits: number
  readonly facility?: Field
  readonly card: Field
  /** In the order in which they are worked out: a later one may cover an earlier one. */
  readonly parity: readonly ParityRule[]
}

export interface WiegandNumbers {
  readonly facility?: number
  readonly card: number
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)
/** Corporate 1000: two of every three positions. */
const twoOfThree = (from: number, to: number, left: number): number[] =>
  range(from, to).filter((position) => position % 3 !== left)

/** Both 37-bit formats: bit 19 is under both. */
const parity37: readonly ParityRule[] = [
  { at: 1, parity: 'even', over: range(2, 19) },
  { at: 37, parity: 'odd', over: range(19, 36) },
]

export const wiegandFormats: Readonly<Record<WiegandFormatName, WiegandFormat>> = {
  h10301: {
    name: 'h10301',
    bits: 26,
    facility: { from: 2, length: 8 },
    card: { from: 10, length: 16 },
    parity: [
      { at: 1, parity: 'even', over: range(2, 13) },
      { at: 26, parity: 'odd', over: range(14, 25) },
    ],
  },
  h10306: {
    name: 'h10306',
    bits: 34,
    facility: { from: 2, length: 16 },
    card: { from: 18, length: 16 },
    parity: [
      { at: 1, parity: 'even', over: range(2, 17) },
      { at: 34, parity: 'odd', over: range(18, 33) },
    ],
  },
  c1k35: {
    name: 'c1k35',
    bits: 35,
    facility: { from: 3, length: 12 },
    card: { from: 15, length: 20 },
    parity: [
      { at: 2, parity: 'even', over: twoOfThree(3, 34, 2) },
      { at: 35, parity: 'odd', over: twoOfThree(2, 33, 1) },
      { at: 1, parity: 'odd', over: range(2, 35) },
    ],
  },
  h10302: { name: 'h10302', bits: 37, card: { from: 2, length: 35 }, parity: parity37 },
  h10304: {
    name: 'h10304',
    bits: 37,
    facility: { from: 2, length: 16 },
    card: { from: 18, length: 19 },
    parity: parity37,
  },
  c1k48: {
    name: 'c1k48',
    bits: 48,
    facility: { from: 3, length: 22 },
    card: { from: 25, length: 23 },
    parity: [
      { at: 2, parity: 'even', over: twoOfThree(4, 47, 0) },
      { at: 48, parity: 'odd', over: twoOfThree(3, 46, 2) },
      { at: 1, parity: 'odd', over: range(2, 48) },
    ],
  },
}

/**
 * The numbers printed on a card of that format.
 *
 * Undefined if the length does not fit or any parity bit is wrong: a misread must never become
 * somebody else's badge.
 */
export function decodeWiegand(
  format: WiegandFormat,
  bits: WiegandBits,
): WiegandNumbers | undefined {
  if (bits.length !== format.bits || bits.value >> BigInt(format.bits) !== 0n) return undefined
  const holds = format.parity.every(
    (rule) => bitAt(bits, rule.at) === parityBit(bits, rule.parity, rule.over),
  )
  if (!holds) return undefined
  const card = readField(bits, format.card)
  return format.facility === undefined
    ? { card }
    : { facility: readField(bits, format.facility), card }
}

/** The bits of a card from its printed numbers. Undefined if one is too large for its field. */
export function encodeWiegand(
  format: WiegandFormat,
  numbers: WiegandNumbers,
): WiegandBits | undefined {
  if (!fits(numbers.card, format.card)) return undefined
  if ((numbers.facility === undefined) !== (format.facility === undefined)) return undefined
  let bits = writeField({ length: format.bits, value: 0n }, format.card, numbers.card)
  if (format.facility !== undefined && numbers.facility !== undefined) {
    if (!fits(numbers.facility, format.facility)) return undefined
    bits = writeField(bits, format.facility, numbers.facility)
  }
  for (const rule of format.parity) {
    bits = writeField(bits, { from: rule.at, length: 1 }, parityBit(bits, rule.parity, rule.over))
  }
  return bits
}

function parityBit(
  bits: WiegandBits,
  parity: ParityRule['parity'],
  over: readonly number[],
): number {
  const ones = over.reduce((sum, position) => sum + bitAt(bits, position), 0)
  return (ones + (parity === 'odd' ? 1 : 0)) % 2
}

function bitAt(bits: WiegandBits, position: number): number {
  return Number((bits.value >> BigInt(bits.length - position)) & 1n)
}

function readField(bits: WiegandBits, field: Field): number {
  const shift = BigInt(bits.length - field.from - field.length + 1)
  return Number((bits.value >> shift) & ((1n << BigInt(field.length)) - 1n))
}

function writeField(bits: WiegandBits, field: Field, value: number): WiegandBits {
  const shift = BigInt(bits.length - field.from - field.length + 1)
  return { length: bits.length, value: bits.value | (BigInt(value) << shift) }
}

function fits(value: number, field: Field): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < 2 ** field.length
}
