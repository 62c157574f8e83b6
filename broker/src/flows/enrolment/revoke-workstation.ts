// A workstation's identity ends: what is open or waits there ends with it, its connection is
// closed, and no certificate of it is good for anything again.

import type { WorkstationId } from '@wardkey/protocol/ids'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { screensFirst } from '../session-notices.ts'
import { endAllAt } from './end-all-at.ts'

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
  const ended = await endAllAt(workstationId, needs)
  const revoke = db
    .updateTable('workstation')
    .set({ status: 'revoked', version: row.version + 1 })
    .where('id', '=', workstationId)
    .where('version', '=', row.version)
    .compile()
  return {
    answer: { kind: 'revoked', sessions: ended.sessions },
    facts: [
      newFact(needs, 'WKS-003', { workstation: workstationId, zone: row.zone_id, fields: { by } }),
      ...ended.facts,
    ],
    writes: [{ query: revoke, expectRows: 1 }, ...ended.writes],
    notices: screensFirst([
      ...ended.notices,
      { kind: 'workstation-changed', workstationId, isRevoked: true },
    ]),
  }
}
