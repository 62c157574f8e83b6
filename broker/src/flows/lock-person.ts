// All open screens of one person lock, since what she may do has become less: the next tap is
// decided with what is left.

import type { PersonId } from '@wardkey/protocol/ids'
import { sessionsOfPerson } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { lockHere } from './lock-here.ts'
import type { LockedHere } from './lock-here.ts'
import { lockNotice } from './session-notices.ts'

type Reason = 'roles-changed' | 'access-changed'

export async function lockPerson(
  id: PersonId,
  reason: Reason,
  needs: FlowNeeds,
): Promise<readonly LockedHere[]> {
  return lockSessions(await sessionsOfPerson(needs.db, id), reason, needs)
}

/** Where her sessions were read already, as for many people at once. */
export function lockSessions(
  sessions: readonly LivingSession[],
  reason: Reason,
  needs: FlowNeeds,
): readonly LockedHere[] {
  return (
    sessions
      // Her roles did not let her into an emergency, so they do not put her out of it.
      .filter(({ state, emergency }) => state === 'open' && !emergency)
      .map((session) => {
        const locked = lockHere(session, reason, needs)
        return {
          ...locked,
          notices: [lockNotice(session, 'role-not-in-zone', needs), ...locked.notices],
        }
      })
  )
}
