// Finds how a list from elsewhere writes the same cards that our readers see: hex, reversed,
// decimal, bit-reversed, cut short. Pure. A form that loses bits is matched, never turned back.

import { toHex, uidBytesMax, uidBytesMin } from './card-identity.ts'

const orders = ['as-read', 'bytes-reversed', 'bits-reversed', 'bytes-and-bits-reversed'] as const
const cuts = ['whole', 'low-32', 'low-24'] as const
const bases = ['hex', 'decimal'] as const

/** How one system writes a card's UID. The name is what is stored with a reader profile. */
export interface Transform {
  readonly name: string
  readonly order: (typeof orders)[number]
  readonly cut: (typeof cuts)[number]
  readonly base: (typeof bases)[number]
}

/** All that we know of, whole ones first: where several fit, the first is the one to show first. */
export const transforms: readonly Transform[] = cuts.flatMap((cut) =>
  orders.flatMap((order) =>
    bases.map((base) => ({ name: `${base}/${order}/${cut}`, order, cut, base })),
  ),
)

/** How `transform` writes the card whose canonical UID this is. */
export function writeAs(transform: Transform, canonical: string): string {
  const bytes = cutShort(reorder(fromHex(canonical), transform.order), transform.cut)
  const hex = toHex(bytes)
  return transform.base === 'hex' ? hex : BigInt(`0x${hex}`).toString(10)
}

/**
 * Every way of writing under which `written` is this card. Several may fit (0 in front, a
 * palindrome): a person looks at them, and one more card decides.
 */
export function findTransforms(written: string, canonical: string): readonly Transform[] {
  return transforms.filter((transform) => isSame(transform, written, writeAs(transform, canonical)))
}

/**
 * The canonical UID behind a written one, for a card of that many bytes.
 *
 * Nothing is returned for a way of writing that has lost bits, for a number too large, and for
 * text that is not of that base: an import must say so rather than guess.
 */
export function canonicalFrom(
  transform: Transform,
  written: string,
  uidBytes: number,
): string | undefined {
  if (transform.cut !== 'whole' || uidBytes < uidBytesMin || uidBytes > uidBytesMax)
    return undefined
  const value = readNumber(transform.base, written)
  if (value === undefined) return undefined
  const hex = value.toString(16).padStart(uidBytes * 2, '0')
  if (hex.length !== uidBytes * 2) return undefined
  return toHex(reorder(fromHex(hex), transform.order))
}

/** As numbers: 0 in front is what spreadsheets drop first. */
function isSame(transform: Transform, written: string, ours: string): boolean {
  const theirs = readNumber(transform.base, written)
  return theirs !== undefined && theirs === readNumber(transform.base, ours)
}

/** Each of these undoes itself: reversing twice is where one began. */
function reorder(bytes: Uint8Array, order: Transform['order']): Uint8Array {
  const turned = order.startsWith('bytes') ? bytes.toReversed() : bytes
  return order.endsWith('bits-reversed') ? turned.map(reverseBits) : turned
}

function cutShort(bytes: Uint8Array, cut: Transform['cut']): Uint8Array {
  if (cut === 'whole') return bytes
  return bytes.subarray(-(cut === 'low-32' ? 4 : 3))
}

function reverseBits(byte: number): number {
  let reversed = 0
  for (let bit = 0; bit < 8; bit += 1) reversed |= ((byte >> bit) & 1) << (7 - bit)
  return reversed
}

/** Lists write `04:A1:B2`, `04 a1 b2` and `0x04A1B2`. */
function plain(written: string): string {
  return written.trim().toLowerCase().replace(/^0x/, '').replace(/[ :-]/g, '')
}

function readNumber(base: Transform['base'], written: string): bigint | undefined {
  const digits = plain(written)
  if (base === 'hex') return /^[0-9a-f]{1,32}$/.test(digits) ? BigInt(`0x${digits}`) : undefined
  return /^[0-9]{1,39}$/.test(digits) ? BigInt(digits) : undefined
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
