// Ending one living session for good: the same writes, facts and notices whatever the reason. An
// emergency grant ends with its session.

import type { RefusalCode } from '@wardkey/protocol/codes'
import { endGrant } from '../sessions/emergency-grant.ts'
import { endSession } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { endPresence } from '../sessions/presence.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { LockedHere } from './lock-here.ts'
import { leftNotice, lockNotice } from './session-notices.ts'

export interface Ending {
  /** For the record. */
  readonly reason: string
  readonly because: 'ended' | 'revoked'
  /** For the screen that shows it. */
  readonly code: RefusalCode
}

export function endHere(session: LivingSession, ending: Ending, needs: FlowNeeds): LockedHere {
  const nowMs = needs.nowMs()
  const { emergency } = session
  const about = {
    person: session.personId,
    session: session.id,
    workstation: session.workstationId,
    fields: { reason: ending.reason },
  }
  return {
    facts: [
      newFact(needs, 'SES-004', about),
      ...(emergency ? [newFact(needs, 'BTG-003', about)] : []),
    ],
    writes: [
      endSession(needs.db, session, ending.reason, nowMs),
      endPresence(needs.db, session.id, nowMs),
      ...(emergency ? [endGrant(needs.db, emergency.grantId, ending.reason, nowMs)] : []),
    ],
    notices: [lockNotice(session, ending.code, needs), leftNotice(session, ending.because)],
  }
}
