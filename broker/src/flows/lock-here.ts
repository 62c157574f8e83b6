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

/** What could not be told when it was: when that was, or that its clock was ahead of ours. */
export interface LateTold {
  readonly lockedMs?: number
  readonly isAhead?: boolean
}

export interface LockedHere {
  readonly facts: readonly [Fact, ...Fact[]]
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
}

/**
 * Decided here: it is counted as locked, and its workstation may say later when its screen was.
 * `who`: kept beside the reason, where somebody ordered it.
 */
export function lockHere(
  session: LivingSession,
  reason: string,
  needs: FlowNeeds,
  who: Partial<Actor> & { readonly isOutOfReach?: boolean } = {},
): LockedHere {
  return locked(session, { reason, ...who }, false, needs)
}

/** By its workstation's own word, at once or, where it could not be told then, when it was. */
export function lockToldHere(
  session: LivingSession,
  reason: string,
  needs: FlowNeeds,
  when: LateTold = {},
): LockedHere {
  return locked(session, { reason, ...when }, true, needs)
}

function locked(
  session: LivingSession,
  fields: NonNullable<Fact['fields']>,
  isTold: boolean,
  needs: FlowNeeds,
): LockedHere {
  const nowMs = needs.nowMs()
  return {
    facts: [
      newFact(needs, 'SES-003', {
        person: session.personId,
        session: session.id,
        workstation: session.workstationId,
        fields,
      }),
    ],
    writes: [
      lockSession(needs.db, session, nowMs, isTold),
      endPresence(needs.db, session.id, nowMs),
    ],
    notices: [{ kind: 'session-locked', sessionId: session.id }],
  }
}
