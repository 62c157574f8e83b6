// How a roll-out goes on by itself: the next ring once the one before was well for long enough, a
// pause where too many were not, its end. Pure.

import type { MemberState } from './may-update.ts'
import type { Rings } from './rings.ts'

export interface RingCount {
  /** Workstations in it. */
  readonly size: number
  readonly members: readonly { readonly state: MemberState; readonly atMs: number }[]
}

export interface RolloutSight {
  readonly rings: Rings
  readonly ring: number
  /** Since when that one is open. */
  readonly ringMs: number
  readonly isApproved: boolean
  /** What failed before this was looked at by somebody, and stops nothing any more. */
  readonly countedMs: number
  readonly counts: readonly RingCount[]
  readonly nowMs: number
}

export type Advance =
  | { readonly kind: 'stay' }
  | { readonly kind: 'open'; readonly ring: number }
  | { readonly kind: 'pause'; readonly ring: number; readonly unwell: number }
  | { readonly kind: 'done' }

const none: RingCount = { size: 0, members: [] }

/** A ring over its limit stops everything, also one that was left behind as well. */
export function advance(sight: RolloutSight): Advance {
  const { rings, ring, counts } = sight
  for (const [at, { failedMax }] of rings.entries()) {
    const { members } = counts[at] ?? none
    const unwell = members.filter((one) => isUnwell(one) && one.atMs >= sight.countedMs).length
    if (at <= ring && unwell > failedMax) return { kind: 'pause', ring: at, unwell }
  }
  if (ring === rings.length - 1) return isOver(counts) ? { kind: 'done' } : { kind: 'stay' }
  const isFirst = ring === 0 && !sight.isApproved
  return !isFirst && isSoaked(sight) ? { kind: 'open', ring: ring + 1 } : { kind: 'stay' }
}

/**
 * Half of the ring is well for so long: workstations that are switched off for a month hold nobody
 * up, and one that came first does not speak for all.
 */
function isSoaked({ rings, ring, ringMs, counts, nowMs }: RolloutSight): boolean {
  const { size, members } = counts[ring] ?? none
  if (size === 0) return true
  const well = members.filter(({ state }) => state === 'healthy').map(({ atMs }) => atMs)
  const half = well.sort((a, b) => a - b)[Math.ceil(size / 2) - 1]
  if (half === undefined) return false
  const soakMs = rings[ring]?.soakMs ?? Infinity
  return nowMs - Math.max(half, ringMs) >= soakMs
}

function isOver(counts: readonly RingCount[]): boolean {
  return counts.every(
    ({ size, members }) => members.filter(({ state }) => state !== 'began').length >= size,
  )
}

const isUnwell = ({ state }: { readonly state: MemberState }): boolean =>
  state === 'failed' || state === 'returned'
