// Which scopes are power over others, and when one person alone may give them: only whoever holds
// the host itself, and only until there is a second who could approve. Whose a token's name is.

import { z } from 'zod'
import { scope } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { hostTokenName } from '../admin-tokens.ts'
import type { AdminCaller } from '../admin-tokens.ts'
import type { FlowNeeds } from '../flow-needs.ts'

const scopeList = z.array(scope)

/**
 * To ask for or approve what others may do, or to judge what they did. Asking is among them:
 * whoever could make a second name for it would approve what she asked for under it. And to give
 * somebody a role, a badge or a PIN: the three together are somebody else's chart. And to destroy.
 */
const power: ReadonlySet<Scope> = new Set([
  'tokens:write',
  'tokens:approve',
  'policy:propose',
  'policy:approve',
  'exceptions:propose',
  'exceptions:approve',
  'emergency:review',
  'alerts:handle',
  'reviews:decide',
  'reviews:write',
  'offline:write',
  'people:write',
  'badges:write',
  'pins:write',
  'forget:propose',
  'forget:approve',
  'holds:write',
  'holds:approve',
  'retention:propose',
  'retention:approve',
])

export function hasPower(scopes: readonly Scope[]): boolean {
  return scopes.some((scope) => power.has(scope))
}

const hostToken = `token ${hostTokenName}`

/**
 * Once there was a second one who could approve, never again, whatever became of her token; but for
 * a token of the host's that is younger: that is its way out.
 */
export async function mayGiveAlone(
  { by, madeMs }: Pick<AdminCaller, 'by' | 'madeMs'>,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<boolean> {
  if (by !== hostToken) return false
  const row = await db.selectFrom('second_approver').select('since_ms').executeTakeFirst()
  return row === undefined || madeMs > row.since_ms
}

/**
 * Facts and proposals know a token by its name. The host's is its own; another's, as long as it is
 * good, stays whosever word made it: from before that was kept, nobody's where it has no power.
 */
export async function isNameTaken(
  name: string,
  by: string,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<boolean> {
  if (name === hostTokenName) return true
  const rows = await db
    .selectFrom('admin_token')
    .select(['scopes', 'expires_ms', 'made_by'])
    .where('name', '=', name)
    .execute()
  return rows
    .filter(({ expires_ms: expiresMs }) => expiresMs === null || expiresMs > nowMs())
    .some(({ made_by: madeBy, scopes }) =>
      madeBy === null ? hasPower(scopeList.parse(JSON.parse(scopes))) : madeBy !== by,
    )
}
