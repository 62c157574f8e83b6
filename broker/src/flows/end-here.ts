// Ending one living session for good: the same writes, fact and notices whatever the reason.

import type { RefusalCode } from '@wardkey/protocol/codes'
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
  return {
    fact: newFact(needs, 'SES-004', {
      person: session.personId,
      session: session.id,
      workstation: session.workstationId,
      fields: { reason: ending.reason },
    }),
    writes: [
      endSession(needs.db, session, ending.reason, nowMs),
      endPresence(needs.db, session.id, nowMs),
    ],
    notices: [lockNotice(session, ending.code, needs), leftNotice(session, ending.because)],
  }
}
