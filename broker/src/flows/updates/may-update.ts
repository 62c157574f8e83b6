// Whether one workstation may fetch a release, and whether it may begin now. Pure, and the only
// place where that is decided; whether somebody is there the workstation asks once more itself.

import type { BrokerWait } from '@wardkey/protocol/workstation/updates/update-exchange'

export type RolloutState = 'running' | 'paused' | 'stopped' | 'done'
/** `began`: under way. The others are how it ended. */
export type MemberState = 'began' | 'healthy' | 'failed' | 'returned'

export interface UpdateSight {
  /** Absent where nothing is rolled out. */
  readonly rollout?: {
    readonly state: RolloutState
    /** The highest ring that is open. */
    readonly ring: number
    readonly isApproved: boolean
  }
  readonly ring: number
  /** What became of it in this roll-out; absent where it has not begun. */
  readonly member?: MemberState
  /** It runs this release, or a newer one, already. */
  readonly isThere: boolean
  readonly isInWindow: boolean
  /** A session is open there, as far as the broker's books go. */
  readonly isOpen: boolean
  /** Others that are under way. */
  readonly underWay: number
  readonly atOnce: number
}

/** Nothing where it may be fetched. */
export function waitsToFetch({
  rollout,
  ring,
  member,
  isThere,
}: UpdateSight): BrokerWait | undefined {
  if (!rollout || rollout.state === 'stopped') return 'no-rollout'
  if (isThere) return 'up-to-date'
  // What failed once is looked at by somebody; a new roll-out tries it anew.
  if (member === 'failed' || member === 'returned') return 'tried'
  if (rollout.state === 'paused') return 'paused'
  if (ring > 0 && !rollout.isApproved) return 'approval'
  return ring > rollout.ring ? 'ring' : undefined
}

/** Nothing where it may begin. */
export function waitsToBegin(sight: UpdateSight): BrokerWait | undefined {
  const fetching = waitsToFetch(sight)
  if (fetching) return fetching
  if (sight.isOpen) return 'in-use'
  if (!sight.isInWindow) return 'window'
  // One that was cut off in the middle of it is counted as it is.
  return sight.member !== 'began' && sight.underWay >= sight.atOnce ? 'pace' : undefined
}
