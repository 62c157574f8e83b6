// That compliance was told of an emergency access or of an alert, or could not be told yet: a fact
// each, and the notice's row.

import type { Fact } from '../audit/fact.ts'
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
    facts: [await factOf('told', notice, fields, needs)],
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
    facts: [await factOf('not-told', notice, fields, needs)],
    writes: [retryNotice(needs.db, notice, retryMs)],
    notices: [],
  }
}

const codes = {
  grant: { told: 'BTG-005', 'not-told': 'BTG-103' },
  alert: { told: 'ALR-006', 'not-told': 'ALR-103' },
} as const

async function factOf(
  what: 'told' | 'not-told',
  { about }: ComplianceNotice,
  fields: Readonly<Record<string, string | number>>,
  needs: FlowNeeds,
): Promise<Fact> {
  const code = codes[about.kind][what]
  if (about.kind === 'alert') {
    return newFact(needs, code, { fields: { ...fields, alert: about.alertId } })
  }
  const grant = await findGrant(needs.db, about.grantId)
  const whom = grant
    ? { person: grant.personId, session: grant.sessionId, workstation: grant.workstationId }
    : {}
  return markFact(newFact(needs, code, { ...whom, fields }), about.grantId)
}
