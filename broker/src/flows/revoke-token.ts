// A token of administration or of HR's systems is taken back: it is good for nothing from then on.

import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Actor, AdminRefused } from './person-flow.ts'
import type { Recorded } from './recorded.ts'

export async function revokeToken(
  { tokenId, by }: Actor & { readonly tokenId: string },
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'revoked' } | AdminRefused>> {
  const { db } = needs
  const row = await db
    .selectFrom('admin_token')
    .select('name')
    .where('hash', '=', tokenId)
    .executeTakeFirst()
  const action = row ? 'admin-token.revoked' : 'admin-token.unknown'
  const query = db.deleteFrom('admin_token').where('hash', '=', tokenId).compile()
  const fields = { by, action, ...(row ? { token: row.name } : {}) }
  return {
    answer: row ? { kind: 'revoked' } : { kind: 'refused', code: 'token-unknown' },
    facts: [newFact(needs, 'ADM-001', { fields })],
    writes: row ? [{ query, expectRows: 1 }] : [],
    notices: [],
  }
}
