// Locks that no screen made, for the page of waits: one ward whose wait is too short.

import { locksShown } from '@wardkey/protocol/admin/speed/locks'
import { speedQuery } from '@wardkey/protocol/admin/speed/speed'

export function inventLocks(asked: Readonly<Record<string, string>>) {
  const { fromMs, toMs } = speedQuery.parse(asked)
  const count = (zoneId: string, reason: string, locks: number, saidWrong: number) => ({
    ...{ zoneId, reason, locks, saidWrong },
  })
  return locksShown.parse({
    ...{ fromMs, toMs },
    counts: [
      count('4-west', 'idle', 412, 61),
      count('4-west', 'tap-out', 2214, 0),
      count('pharmacy', 'idle', 388, 2),
      count('pharmacy', 'away', 90, 11),
    ],
  })
}
