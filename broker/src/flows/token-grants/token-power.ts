// Which scopes are power over others, and when one person alone may give them: only whoever holds
// the host itself, and only until there is a second who could approve. Whose a token's name is.

import { z } from 'zod'
import { scope } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { hostTokenName } from '../admin-tokens.ts'
import type { AdminCaller } from '../admin-tokens.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { isServices } from './token-maker.ts'

const scopeList = z.array(scope)

/**
 * To ask for or approve what others may do, or to judge what they did. Asking is among them:
 * whoever could make a second name for it would approve what she asked for under it. And to give
 * somebody a role, a badge or a PIN: the three together are somebody else's chart. HR's word gives
 * roles and badges too, by the house's rules (decision 0058). And to destroy, and to change
 * what runs at every workstation.
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
  'scim:write',
  'updates:write',
  'updates:approve',
  'retention:propose',
  'retention:approve',
  'keys:propose',
  'keys:approve',
])

export function hasPower(scopes: readonly Scope[]): boolean {
  return scopes.some((scope) => power.has(scope))
}

/** A feed that the host connects alone, before there is anybody else: one and its next. */
const feedsAlone = { max: 2, lifeMaxMs: 30 * 86_400_000 }

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

/** Whether what one person alone gives is few and short enough; all but HR's feeds is. */
export async function isWithinAlone(
  { scopes, lifeMs }: { readonly scopes: readonly Scope[]; readonly lifeMs: number },
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<boolean> {
  if (!scopes.includes('scim:write')) return true
  const rows = await db
    .selectFrom('admin_token')
    .select(['scopes', 'expires_ms'])
    .where('made_alone', '=', 1)
    .execute()
  const feeds = rows
    .filter(({ expires_ms: expiresMs }) => expiresMs === null || expiresMs > nowMs())
    .filter(({ scopes: its }) => scopeList.parse(JSON.parse(its)).includes('scim:write'))
  return lifeMs <= feedsAlone.lifeMaxMs && feeds.length < feedsAlone.max
}

/**
 * Facts and proposals know a token by its name. The host's is its own; another's, as long as it is
 * good, stays whosever word made it: from before that was kept, nobody's where it has no power.
 * A feed's next token, which two people give, may be asked for by anybody.
 */
export async function isNameTaken(
  { name, scopes }: { readonly name: string; readonly scopes: readonly Scope[] },
  by: string,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<boolean> {
  if (name === hostTokenName) return true
  const isFeedsNext = isServices(scopes) && hasPower(scopes)
  const rows = await db
    .selectFrom('admin_token')
    .select(['scopes', 'expires_ms', 'made_by'])
    .where('name', '=', name)
    .execute()
  return rows
    .filter(({ expires_ms: expiresMs }) => expiresMs === null || expiresMs > nowMs())
    .map((row) => ({ madeBy: row.made_by, may: scopeList.parse(JSON.parse(row.scopes)) }))
    .filter(({ may }) => !(isFeedsNext && isServices(may)))
    .some(({ madeBy, may }) => (madeBy === null ? hasPower(may) : madeBy !== by))
}
