// Which card is meant on the command line: named once, in the form that a reader reports.

import type { NewBadge } from '@wardkey/protocol/admin/badges'
import { exitCodes, Refused } from '../exit.ts'

export interface CardOptions {
  readonly csn?: string
  readonly wiegand?: string
  readonly simulated?: string
  readonly technology?: string
}

/** Throws Refused where none is named, more than one, or one that is none. */
export function cardOf({ csn, wiegand, simulated, technology }: CardOptions): NewBadge {
  const given = [
    ['csn', csn] as const,
    ['wiegand', wiegand] as const,
    ['simulated', simulated] as const,
  ].flatMap(([kind, text]) => (text === undefined ? [] : [{ kind, text }]))
  const [one, ...others] = given
  if (!one || others.length > 0) {
    throw new Refused(exitCodes.usage, 'Name the card once: --csn or --wiegand.')
  }
  // Spaces, colons and capitals are how people copy a UID; what is looked up by has none of them.
  const canonical =
    one.kind === 'csn' ? one.text.replaceAll(/[\s:-]/g, '').toLowerCase() : one.text.toLowerCase()
  if (one.kind === 'csn' && !/^([0-9a-f]{2}){4,16}$/.test(canonical)) {
    throw new Refused(exitCodes.usage, 'A UID is 4 to 16 bytes in hex: 04a1b2c3d4e580.')
  }
  if (one.kind === 'wiegand' && !/^[0-9]{1,3}:([0-9a-f]{2})+$/.test(canonical)) {
    throw new Refused(exitCodes.usage, 'Wiegand bits are written as count and hex: 26:02f623ae.')
  }
  const card = { technology: one.kind, canonical }
  return technology === undefined ? { card } : { card, technology }
}
