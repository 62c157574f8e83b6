// The peppers of PINs: one for the site, which never leaves the broker, and one made from it for
// each person, which may go with her verifier and tells nothing of anybody else's. Pure.

import { createHmac } from 'node:crypto'
import type { PersonId } from '@wardkey/protocol/ids'

/** 1: under the site's pepper. 2: under the person's own; new hashes are of this one. */
export const pinScheme = 2 as const
export type PinScheme = 1 | 2

/** HMAC-SHA-256 as a pseudo-random function: neither the site's nor another's follows from it. */
export function personalPepper(site: Uint8Array, person: PersonId): Buffer {
  return createHmac('sha256', site).update(`pin ${person}`).digest()
}

/** What argon2id is run over. */
export function pepperedPin(
  site: Uint8Array,
  scheme: PinScheme,
  person: PersonId,
  pin: string,
): string {
  const pepper = scheme === 1 ? site : personalPepper(site, person)
  return createHmac('sha256', pepper).update(pin).digest('base64url')
}
