// Whether whoever's powers a token gives may use them herself just now. Pure.

import { parseAccessFacts } from '../../identity/access-facts.ts'
import { termAt } from '../../policy/access-standing.ts'
import type { Schema } from '../../store/schema.ts'

/**
 * Nothing but her sign-in tells that her role in the console is still hers: the hospital's provider
 * gives it and takes it. After so long without one her tokens rest until she signs in.
 */
export const confirmedForMs = 30 * 86_400_000

export type MakerStanding = 'here' | 'away' | 'left' | 'not-signed-in'

type Row = Pick<Schema['admin_token'], 'maker_id' | 'confirmed_ms'> & {
  readonly [Key in 'status' | 'held_ms' | 'access']: Schema['person'][Key] | null
}

/** `here` too where it gives nobody's. */
export function makerStanding(row: Row, nowMs: number): MakerStanding {
  if (row.maker_id === null) return 'here'
  if (row.status === null || row.access === null || row.status === 'terminated') return 'left'
  const term = termAt(parseAccessFacts(row.access), nowMs)
  if (row.status !== 'active' || row.held_ms !== null || term !== 'within') return 'away'
  return nowMs - (row.confirmed_ms ?? 0) < confirmedForMs ? 'here' : 'not-signed-in'
}
