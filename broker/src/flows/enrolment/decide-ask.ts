// Somebody of IT has compared the words and says yes, with a zone, or no. It is said once.

import type { ZoneId } from '@wardkey/protocol/ids'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'

export interface AskDecision extends Actor {
  readonly askId: string
  /** Where it will be; absent where the answer is no. */
  readonly zoneId: ZoneId | undefined
}

export interface AskDecided {
  readonly kind: 'decided'
  readonly outcome: 'approved' | 'refused'
}

/** It has to come back for its identity: whoever went away meanwhile has an hour for that. */
const takeWithinMs = 3_600_000

export async function decideAsk(
  { askId, zoneId, by }: AskDecision,
  needs: FlowNeeds,
): Promise<Recorded<AskDecided | AdminRefused>> {
  const { db } = needs
  const nowMs = needs.nowMs()
  const row = await db
    .selectFrom('enrol_ask')
    .select(['state', 'place', 'address', 'ends_ms', 'version'])
    .where('id', '=', askId)
    .executeTakeFirst()
  const no = (code: AdminRefused['code']): Recorded<AdminRefused> => ({
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'ADM-001', { fields: { by, action: 'ask.decide', reason: code } })],
    writes: [],
    notices: [],
  })
  if (!row) return no('enrol-ask-unknown')
  if (row.state !== 'waiting' || row.ends_ms <= nowMs) return no('enrol-ask-decided')
  if (zoneId !== undefined && !(await isZone(zoneId, needs))) return no('zone-unknown')
  const outcome = zoneId === undefined ? 'refused' : 'approved'
  const query = db
    .updateTable('enrol_ask')
    .set({
      ...{ state: outcome, zone_id: zoneId ?? null, decided_ms: nowMs, decided_by: by },
      ...{ ends_ms: Math.max(row.ends_ms, nowMs + takeWithinMs), version: row.version + 1 },
    })
    .where('id', '=', askId)
    .where('version', '=', row.version)
    .compile()
  const fields = { by, ask: askId, outcome, place: row.place, address: row.address }
  const about = zoneId === undefined ? { fields } : { zone: zoneId, fields }
  return {
    answer: { kind: 'decided', outcome },
    facts: [newFact(needs, 'WKS-009', about)],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

async function isZone(id: string, { db }: FlowNeeds): Promise<boolean> {
  const row = await db.selectFrom('zone').select('id').where('id', '=', id).executeTakeFirst()
  return row !== undefined
}
