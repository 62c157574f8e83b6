// Whatever is open or waits at a workstation whose identity ends: all of it ends with it.

import { sql } from 'kysely'
import { sessionId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { Fact } from '../../audit/fact.ts'
import { findLiving } from '../../sessions/living-session.ts'
import type { LivingSession } from '../../sessions/living-session.ts'
import { endHere } from '../end-here.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'

const ending = {
  reason: 'revoked',
  because: 'revoked',
  code: 'workstation-not-enrolled',
} as const

export interface EndedAll extends Pick<Recorded<never>, 'writes' | 'notices'> {
  readonly sessions: number
  readonly facts: readonly Fact[]
}

/** Charts that are covered there count too: whoever took the machine has them in its memory. */
export async function endAllAt(id: WorkstationId, needs: FlowNeeds): Promise<EndedAll> {
  const sessions = await livingAt(id, needs)
  const ended = sessions.map((session) => endHere(session, ending, needs))
  return {
    sessions: sessions.length,
    facts: ended.flatMap(({ facts }) => facts),
    writes: ended.flatMap(({ writes }) => writes),
    notices: ended.flatMap(({ notices }) => notices),
  }
}

async function livingAt(id: WorkstationId, { db }: FlowNeeds): Promise<readonly LivingSession[]> {
  const rows = await db
    .selectFrom('session')
    .select('id')
    .where('workstation_id', '=', id)
    .where('state', '<>', sql.lit('ended'))
    .execute()
  const found = await Promise.all(rows.map((row) => findLiving(db, sessionId.parse(row.id))))
  return found.filter((session) => session !== undefined)
}
