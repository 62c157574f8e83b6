// Which badges their owner may bring back: those that wait for a loaner's end, and lost ones, for a
// while, where a colleague speaks for her. What security or the service desk suspended she cannot.
// Pure.

import type { Badge } from '../../identity/badges.ts'

/** After that it was long enough in other hands to be made anew. */
const foundWithinMs = 14 * 24 * 3_600_000

export function mayBeFound(
  { status, sinceMs, suspendedFor }: Pick<Badge, 'status' | 'sinceMs' | 'suspendedFor'>,
  nowMs: number,
  /** A thief of the badge who saw the PIN has all that its owner has, but nobody who knows her. */
  hasWitness: boolean,
): boolean {
  if (status === 'suspended') return suspendedFor !== null
  return status === 'lost' && hasWitness && nowMs - sinceMs <= foundWithinMs
}
