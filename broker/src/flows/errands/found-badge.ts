// Which badges their owner may bring back herself: lost ones, for a while, and those that wait for
// a loaner's end. What security or the service desk suspended she cannot. Pure.

import type { Badge } from '../../identity/badges.ts'

/** After that it was long enough in other hands to be made anew. */
const foundWithinMs = 14 * 24 * 3_600_000

export function mayBeFound(
  { status, sinceMs, suspendedFor }: Pick<Badge, 'status' | 'sinceMs' | 'suspendedFor'>,
  nowMs: number,
): boolean {
  if (status === 'suspended') return suspendedFor !== null
  return status === 'lost' && nowMs - sinceMs <= foundWithinMs
}
