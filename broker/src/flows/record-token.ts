// That an EHR received a token, or heard that a session ended: facts that belong to the sign-in, in
// one transaction with a look at the session.

import type { Kysely } from 'kysely'
import type { SessionId } from '@wardkey/protocol/ids'
import type { Seated } from '../sessions/find-seated.ts'
import { findSeated } from '../sessions/find-seated.ts'
import { guardOpenAt } from '../sessions/living-session.ts'
import type { Schema } from '../store/schema.ts'
import type { Recorded } from './recorded.ts'

export interface RecordTokenNeeds {
  readonly db: Kysely<Schema>
  readonly newId: () => string
  readonly nowMs: () => number
}

/**
 * False where the session is no longer open there: then no token is given, and that is recorded.
 */
export async function recordToken(
  seated: Seated,
  clientId: string,
  acr: string,
  needs: RecordTokenNeeds,
): Promise<Recorded<boolean>> {
  const now = await findSeated(needs.db, seated.sessionId, seated.workstationId, needs.nowMs())
  const isOpen = now?.personId === seated.personId
  return {
    answer: isOpen,
    writes: isOpen ? [guardOpenAt(needs.db, seated.sessionId, seated.workstationId)] : [],
    facts: [
      {
        id: needs.newId(),
        code: isOpen ? 'SSO-002' : 'SSO-102',
        atMs: needs.nowMs(),
        person: seated.personId,
        session: seated.sessionId,
        workstation: seated.workstationId,
        fields: { client: clientId, acr },
      },
    ],
    notices: [],
  }
}

export function recordLogoutTold(
  session: SessionId,
  clientId: string,
  isTold: boolean,
  needs: RecordTokenNeeds,
): Promise<Recorded<undefined>> {
  return Promise.resolve({
    answer: undefined,
    writes: [],
    facts: [
      {
        id: needs.newId(),
        code: isTold ? 'SSO-003' : 'SSO-103',
        atMs: needs.nowMs(),
        session,
        fields: { client: clientId },
      },
    ],
    notices: [],
  })
}
