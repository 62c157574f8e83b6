// That compliance was told of an emergency access, or could not be told yet: a fact each, and the
// notice's row.

import { findGrant } from '../sessions/emergency-grant.ts'
import { retryNotice, settleNotice } from './compliance-notice-row.ts'
import type { ComplianceNotice } from './compliance-notice-row.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { markFact } from './mark-facts.ts'
import type { Recorded } from './recorded.ts'

export async function noteTold(
  notice: ComplianceNotice,
  needs: FlowNeeds,
): Promise<Recorded<undefined>> {
  const nowMs = needs.nowMs()
  const fields = {
    channel: notice.channel,
    notice: notice.id,
    attempts: notice.attempts + 1,
    afterMs: Math.max(0, nowMs - notice.createdMs),
  }
  return {
    answer: undefined,
    facts: [await factOf('BTG-005', notice, fields, needs)],
    writes: [settleNotice(needs.db, notice.id, nowMs)],
    notices: [],
  }
}

/** `retryMs`: when it is tried again, which may be before the claim would have run out. */
export async function noteNotTold(
  notice: ComplianceNotice,
  reason: string,
  retryMs: number,
  needs: FlowNeeds,
): Promise<Recorded<undefined>> {
  const attempts = notice.attempts + 1
  const fields = { channel: notice.channel, notice: notice.id, attempts, reason }
  return {
    answer: undefined,
    facts: [await factOf('BTG-103', notice, fields, needs)],
    writes: [retryNotice(needs.db, notice, retryMs)],
    notices: [],
  }
}

async function factOf(
  code: 'BTG-005' | 'BTG-103',
  notice: ComplianceNotice,
  fields: Readonly<Record<string, string | number>>,
  needs: FlowNeeds,
) {
  const grant = await findGrant(needs.db, notice.grantId)
  const about = grant
    ? { person: grant.personId, session: grant.sessionId, workstation: grant.workstationId }
    : {}
  return markFact(newFact(needs, code, { ...about, fields }), notice.grantId)
}
