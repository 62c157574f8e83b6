// What is wrong with a workstation, the worst of it, as this broker sees it. Pure.

import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'

export interface Need {
  /** 0 where nothing is wrong; more is more urgent. */
  readonly weight: number
  readonly says: string
}

/** An agent renews by itself before: whoever comes so near of a week has been away, or cannot. */
const certificateSoonMs = 2 * 86_400_000

export function needOf(workstation: WorkstationShown, nowMs: number): Need {
  const { status, certificateEndsMs, connection } = workstation
  if (status === 'revoked') return { weight: 0, says: 'revoked' }
  if (certificateEndsMs <= nowMs) return { weight: 4, says: 'certificate is over: enrol it again' }
  if (!connection) return { weight: 3, says: 'not connected to this broker' }
  if (connection.reader === undefined) return { weight: 2, says: 'no badge reader' }
  if (certificateEndsMs - nowMs < certificateSoonMs) {
    return { weight: 1, says: 'certificate ends within two days' }
  }
  return { weight: 0, says: 'nothing' }
}
