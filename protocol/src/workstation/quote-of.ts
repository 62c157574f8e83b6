// The short code of a tap that a person can read to the service desk. Pure; it tells nothing about
// the tap, and the tap can be found by it because the record keeps it beside the tap's id.

import { createHash } from 'node:crypto'

/** Crockford's alphabet: no I, L, O or U to be misheard or misread. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Six characters of a hash of the id: "7QK-M2X". */
export function quoteOf(id: string): string {
  const bytes = createHash('sha256').update(`quote\n${id}`).digest()
  const letters = Array.from(bytes.subarray(0, 6), (byte) => alphabet.charAt(byte % 32))
  return `${letters.slice(0, 3).join('')}-${letters.slice(3).join('')}`
}
