// Card technologies, what each is worth (reference: badges, section 9), and which card numbers are
// nobody's. Pure.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import { classOf } from '@wardkey/protocol/workstation/card-lookup'
import type { CardClass } from '@wardkey/protocol/workstation/card-lookup'

/**
 * What a technology is worth, from 0 (a bar code) to 5 (a key with a PIN of its own), and from
 * which kind of reader its number comes. A number that is read without a proof is worth 1 however
 * good the card is: anybody can copy it. No reader of this release proves a key, so none here is
 * worth 3.
 */
export const technologies = {
  csn: { assurance: 1, from: 'csn' },
  simulated: { assurance: 1, from: 'csn' },
  magstripe: { assurance: 0, from: 'wiegand' },
  'prox-125khz': { assurance: 1, from: 'wiegand' },
  'iclass-legacy': { assurance: 2, from: 'wiegand' },
  'mifare-classic-sector': { assurance: 2, from: 'wiegand' },
} as const

/** Which class of card is behind a badge's technology; nothing for one that we do not know. */
export function findClass(technology: string): CardClass | undefined {
  return isTechnology(technology) ? technologies[technology].from : undefined
}

export interface BadgeTechnology {
  readonly name: string
  readonly assurance: number
}

/** Nothing where there is no such technology, or none of that name behind such a reader. */
export function findTechnology(
  card: Pick<CardClaim, 'technology'>,
  name: string | undefined,
): BadgeTechnology | undefined {
  const usual = card.technology === 'wiegand' ? 'prox-125khz' : card.technology
  const wanted = name ?? usual
  if (!isTechnology(wanted)) return undefined
  const { assurance, from } = technologies[wanted]
  return from === classOf(card) ? { name: wanted, assurance } : undefined
}

/**
 * Why a card cannot be anybody's badge, or nothing. The agent refuses these too; a claim is
 * checked.
 */
export function cardFlaw(
  card: Pick<CardClaim, 'technology' | 'canonical'>,
): Extract<AdminRefusalCode, 'badge-random-id' | 'badge-not-an-id'> | undefined {
  const digits = card.canonical.slice(card.canonical.indexOf(':') + 1)
  if (/^0+$/.test(digits) || /^f+$/.test(digits)) return 'badge-not-an-id'
  // ISO/IEC 14443-3: four bytes of which the first is 08 are made up anew for each tap.
  if (classOf(card) === 'csn' && /^08[0-9a-f]{6}$/.test(card.canonical)) return 'badge-random-id'
  return undefined
}

/** The ways a badge's number can be read as digits: none of them may be a PIN. */
export function digitsOf(canonical: string): readonly string[] {
  const hex = canonical.slice(canonical.indexOf(':') + 1)
  const runs = canonical.match(/[0-9]{4,}/g) ?? []
  if (!/^[0-9a-f]+$/.test(hex) || hex.length % 2 !== 0) return runs
  const reversed = (hex.match(/../g) ?? []).reverse().join('')
  return [...runs, BigInt(`0x${hex}`).toString(), BigInt(`0x${reversed}`).toString()]
}

function isTechnology(name: string): name is keyof typeof technologies {
  return Object.hasOwn(technologies, name)
}
