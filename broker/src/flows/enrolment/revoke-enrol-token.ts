// An enrolment token is taken back: whoever has it enrols nothing from then on. What was enrolled
// with it before stays.

import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'

export async function revokeEnrolToken(
  { tokenId, by }: Actor & { readonly tokenId: string },
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'revoked' } | AdminRefused>> {
  const { db } = needs
  const nowMs = needs.nowMs()
  const row = await db
    .selectFrom('enrol_token')
    .select(['zone_id', 'uses_left', 'expires_ms', 'revoked_ms'])
    .where('hash', '=', tokenId)
    .executeTakeFirst()
  const token = tokenId.slice(0, 16)
  if (!row || row.revoked_ms !== null || row.expires_ms <= nowMs) {
    const fields = { by, action: 'enrol-token.unknown', token }
    return {
      answer: { kind: 'refused', code: 'enrol-token-unknown' },
      facts: [newFact(needs, 'ADM-001', { fields })],
      writes: [],
      notices: [],
    }
  }
  const query = db
    .updateTable('enrol_token')
    .set({ revoked_ms: nowMs })
    .where('hash', '=', tokenId)
    .where('revoked_ms', 'is', null)
    .compile()
  const fields = { by, token, usesLeft: row.uses_left }
  return {
    answer: { kind: 'revoked' },
    facts: [newFact(needs, 'WKS-010', { zone: row.zone_id, fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}
