// Locking one open session: the same writes, fact and notices whatever the reason.

import type { Fact } from '../audit/fact.ts'
import { lockSession } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { endPresence } from '../sessions/presence.ts'
import type { Write } from '../store/store.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Actor } from './person-flow.ts'
import type { Notice } from './recorded.ts'

export interface LockedHere {
  readonly facts: readonly [Fact, ...Fact[]]
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
}

/** `who`: kept beside the reason, where somebody ordered it. */
export function lockHere(
  session: LivingSession,
  reason: string,
  needs: FlowNeeds,
  who: Partial<Actor> = {},
): LockedHere {
  const nowMs = needs.nowMs()
  return {
    facts: [
      newFact(needs, 'SES-003', {
        person: session.personId,
        session: session.id,
        workstation: session.workstationId,
        fields: { reason, ...who },
      }),
    ],
    writes: [lockSession(needs.db, session, nowMs), endPresence(needs.db, session.id, nowMs)],
    notices: [{ kind: 'session-locked', sessionId: session.id }],
  }
}
