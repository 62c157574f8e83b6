// A launch ticket becomes a seat: once, in time, and only while the session is open where it was
// opened. Each refusal is a fact; the browser hears only that it did not work.

import type { Kysely } from 'kysely'
import { sessionId, workstationId } from '@wardkey/protocol/ids'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { Fact } from '../audit/fact.ts'
import { hashTicket } from '../launch/launch-ticket.ts'
import { guardOpenAt } from '../sessions/living-session.ts'
import type { Schema } from '../store/schema.ts'
import type { Recorded } from './recorded.ts'

export interface RedeemNeeds {
  readonly db: Kysely<Schema>
  readonly newId: () => string
  readonly nowMs: () => number
}

export interface RedeemedSeat {
  readonly sessionId: SessionId
  readonly workstationId: WorkstationId
}

/** Nothing as the answer is a refusal. */
export async function redeemTicket(
  ticket: string,
  needs: RedeemNeeds,
): Promise<Recorded<RedeemedSeat | undefined>> {
  const { db } = needs
  const hash = Buffer.from(hashTicket(ticket)).toString('hex')
  const nowMs = needs.nowMs()
  const row = await db
    .selectFrom('launch_ticket')
    .innerJoin('session', 'session.id', 'launch_ticket.session_id')
    .where('hash', '=', hash)
    .selectAll('launch_ticket')
    .select(['session.state', 'session.workstation_id as open_at', 'session.person_id'])
    .executeTakeFirst()
  if (!row) return refuse(needs, 'unknown')
  const where = {
    person: row.person_id,
    session: row.session_id,
    workstation: row.workstation_id,
  }
  if (row.used_ms !== null) return refuse(needs, 'used', where)
  if (row.expires_ms <= nowMs) return refuse(needs, 'expired', where)
  if (row.state !== 'open' || row.open_at !== row.workstation_id) {
    return refuse(needs, 'not-open', where)
  }
  const seat = {
    sessionId: sessionId.parse(row.session_id),
    workstationId: workstationId.parse(row.workstation_id),
  }
  const use = db
    .updateTable('launch_ticket')
    .set({ used_ms: nowMs })
    .where('hash', '=', hash)
    .where('used_ms', 'is', null)
    .compile()
  return {
    answer: seat,
    // Both guards in the one transaction: of two browsers with one ticket, one is refused.
    writes: [{ query: use, expectRows: 1 }, guardOpenAt(db, seat.sessionId, seat.workstationId)],
    facts: [{ id: needs.newId(), code: 'SSO-001', atMs: nowMs, ...where }],
    notices: [],
  }
}

function refuse(
  needs: RedeemNeeds,
  reason: string,
  where: Partial<Pick<Fact, 'person' | 'session' | 'workstation'>> = {},
): Recorded<undefined> {
  const fact: Fact = {
    id: needs.newId(),
    code: 'SSO-101',
    atMs: needs.nowMs(),
    ...where,
    fields: { reason },
  }
  return { answer: undefined, writes: [], facts: [fact], notices: [] }
}
