// Which scopes are power over others, and when one person alone may give them: only whoever holds
// the host itself, and only as long as nobody else is there who could approve.

import type { Scope } from '@wardkey/protocol/admin/scopes'
import { parseTexts } from '../../identity/json-column.ts'
import type { FlowNeeds } from '../flow-needs.ts'

/**
 * To ask for or approve what others may do, or to judge what they did. Asking is among them:
 * whoever could make a second name for it would approve what she asked for under it.
 */
const power: ReadonlySet<Scope> = new Set([
  'tokens:write',
  'tokens:approve',
  'policy:propose',
  'policy:approve',
  'exceptions:propose',
  'exceptions:approve',
  'emergency:review',
])

export function hasPower(scopes: readonly Scope[]): boolean {
  return scopes.some((scope) => power.has(scope))
}

/** The token that `wardkey-broker init` makes: whoever has the key folder can make it anew. */
const hostToken = 'token init'

export async function mayGiveAlone(
  by: string,
  needs: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<boolean> {
  return by === hostToken && !(await canAnybodyElseApprove(by, needs))
}

async function canAnybodyElseApprove(
  by: string,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<boolean> {
  const rows = await db.selectFrom('admin_token').select(['name', 'scopes', 'expires_ms']).execute()
  return rows.some(
    ({ name, scopes, expires_ms: expiresMs }) =>
      `token ${name}` !== by &&
      (expiresMs === null || expiresMs > nowMs()) &&
      parseTexts(scopes).includes('tokens:approve'),
  )
}
