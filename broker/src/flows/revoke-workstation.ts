// A workstation's identity ends: what is open or waits there ends with it, its connection is
// closed, and no certificate of it is good for anything again.

import { sql } from 'kysely'
import { sessionId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { findLiving } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { endHere } from './end-here.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Actor, AdminRefused } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { screensFirst } from './session-notices.ts'

export interface WorkstationRevocation extends Actor {
  readonly workstationId: WorkstationId
}

/** Revoking twice is not an error: it says the same and changes nothing. */
export async function revokeWorkstation(
  { workstationId, by }: WorkstationRevocation,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'revoked'; readonly sessions: number } | AdminRefused>> {
  const { db } = needs
  const row = await db
    .selectFrom('workstation')
    .select(['zone_id', 'version'])
    .where('id', '=', workstationId)
    .executeTakeFirst()
  if (!row) {
    const fields = { by, reason: 'workstation-unknown' }
    return {
      answer: { kind: 'refused', code: 'workstation-unknown' },
      facts: [newFact(needs, 'ADM-001', { workstation: workstationId, fields })],
      writes: [],
      notices: [],
    }
  }
  // Charts that are covered there count too: whoever took the machine has them in its memory.
  const sessions = await livingAt(workstationId, needs)
  const ending = {
    reason: 'revoked',
    because: 'revoked',
    code: 'workstation-not-enrolled',
  } as const
  const ended = sessions.map((session) => endHere(session, ending, needs))
  const revoke = db
    .updateTable('workstation')
    .set({ status: 'revoked', version: row.version + 1 })
    .where('id', '=', workstationId)
    .where('version', '=', row.version)
    .compile()
  return {
    answer: { kind: 'revoked', sessions: sessions.length },
    facts: [
      newFact(needs, 'WKS-003', { workstation: workstationId, zone: row.zone_id, fields: { by } }),
      ...ended.flatMap(({ facts }) => facts),
    ],
    writes: [{ query: revoke, expectRows: 1 }, ...ended.flatMap(({ writes }) => writes)],
    notices: screensFirst([
      ...ended.flatMap(({ notices }) => notices),
      { kind: 'workstation-changed', workstationId, isRevoked: true },
    ]),
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
