// Which cards a site takes as badges: kinds, formats, facilities and ranges, as its settings list
// them. It says nothing of whose a card is. Pure.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { decodeWiegand, wiegandFormats } from '@wardkey/protocol/workstation/wiegand-format'
import type { WiegandFormatName } from '@wardkey/protocol/workstation/wiegand-format'

/** One entry of the list: every word that it has must fit the card. */
export type AllowedCard =
  | { readonly kind: 'csn'; readonly bytes?: number }
  | { readonly kind: 'simulated' }
  | {
      readonly kind: 'wiegand'
      readonly format: WiegandFormatName
      readonly facility?: number
      readonly from?: number
      readonly to?: number
    }

const formats = 'H10301|H10306|C1K35|H10302|H10304|C1K48'
const range = '([0-9]{1,11})-([0-9]{1,11})'
const shape = new RegExp(
  `^(?:(csn)(?:-(4|7|8|10))?|(simulated)|(${formats})(?::([0-9]{0,7}))?(?::${range})?)$`,
  'i',
)

/**
 * `csn`, `csn-7`, `H10301`, `H10301:123`, `H10301:123:1-4999`, `H10302::1-99999`. Nothing where it
 * is none of these, or a range without an inside.
 */
export function parseAllowedCard(text: string): AllowedCard | undefined {
  const found = shape.exec(text.trim())
  if (!found) return undefined
  const [, csn, bytes, simulated, name, facility, from, to] = found
  if (csn !== undefined) {
    return { kind: 'csn', ...(bytes === undefined ? {} : { bytes: Number(bytes) }) }
  }
  if (simulated !== undefined) return { kind: 'simulated' }
  const format = Object.values(wiegandFormats).find((one) => one.name === name?.toLowerCase())
  if (!format) return undefined
  const hasFacility = facility !== undefined && facility !== ''
  if (hasFacility && format.facility === undefined) return undefined
  if (from !== undefined && Number(from) > Number(to)) return undefined
  return {
    kind: 'wiegand',
    format: format.name,
    ...(hasFacility ? { facility: Number(facility) } : {}),
    ...(from === undefined ? {} : { from: Number(from), to: Number(to) }),
  }
}

/** An empty list allows every card; one that lists something allows nothing else. */
export function isAllowedCard(
  card: Pick<CardClaim, 'technology' | 'canonical'>,
  allowed: readonly AllowedCard[],
): boolean {
  return allowed.length === 0 || allowed.some((one) => fits(card, one))
}

function fits(card: Pick<CardClaim, 'technology' | 'canonical'>, one: AllowedCard): boolean {
  if (card.technology !== one.kind) return false
  if (one.kind === 'csn') return one.bytes === undefined || card.canonical.length === one.bytes * 2
  if (one.kind === 'simulated') return true
  const [, length, hex] = /^([0-9]{1,3}):([0-9a-f]+)$/.exec(card.canonical) ?? []
  if (hex === undefined) return false
  const bits = { length: Number(length), value: BigInt(`0x${hex}`) }
  // With a parity bit that is wrong it is no card of that format: a misread, or another one.
  const numbers = decodeWiegand(wiegandFormats[one.format], bits)
  if (!numbers) return false
  if (one.facility !== undefined && numbers.facility !== one.facility) return false
  return numbers.card >= (one.from ?? 0) && numbers.card <= (one.to ?? Number.MAX_SAFE_INTEGER)
}
