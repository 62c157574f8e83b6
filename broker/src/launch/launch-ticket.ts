// The launch ticket: made here, kept only as a hash. Whoever redeems it is looked at elsewhere.

import { createHash } from 'node:crypto'

/** Long enough for a slow browser start, short enough that a leaked one is worth nothing. */
export const ticketLifeMs = 30_000

const ticketBytes = 32

export interface MintedTicket {
  /** 43 characters of base64url; told to the workstation once, never stored or logged. */
  readonly ticket: string
  readonly hash: Uint8Array
}

/** Makes a ticket from fresh random bytes, which are handed in. */
export function mintTicket(random: (bytes: number) => Buffer): MintedTicket {
  const ticket = random(ticketBytes).toString('base64url')
  return { ticket, hash: hashTicket(ticket) }
}

/** What the store knows a ticket by. The ticket has 256 random bits: a plain hash is enough. */
export function hashTicket(ticket: string): Uint8Array {
  return createHash('sha256').update('wardkey launch ticket\n').update(ticket).digest()
}
