// Who may speak for a colleague, and whether those who have still may when it is to count. Nothing
// is asked or changed here.

import { badgeStatusAt, findBadgeHolder } from '../../identity/find-card-holder.ts'
import type { CardHolder } from '../../identity/find-card-holder.ts'
import { guardPerson } from '../../identity/guard-person.ts'
import { rolesAt, termAt } from '../../policy/access-standing.ts'
import type { Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Errand } from './errand.ts'

/** Why she cannot speak for anybody here, or not for this one; nothing where she can. */
export function strangerRule(
  holder: CardHolder,
  errand: Errand,
  nowMs: number,
): string | undefined {
  const isSecond = errand.proofs.witnesses.some(({ personId }) => personId === holder.personId)
  return isSecond ? 'witness-is-a-second' : standingRule(holder, errand, nowMs)
}

function standingRule(
  holder: CardHolder,
  { subject, workstation }: Errand,
  nowMs: number,
): string | undefined {
  const { witnessRoles } = workstation.zone.settings
  if (holder.personId === subject?.personId) return 'witness-is-another'
  if (holder.personStatus !== 'active' || termAt(holder.access, nowMs) !== 'within') {
    return 'witness-is-active'
  }
  if (badgeStatusAt(holder, nowMs) !== 'active') return 'witness-badge-is-good'
  const roles = rolesAt(holder.roles, holder.access, nowMs)
  if (!roles.some((role) => witnessRoles.includes(role))) return 'witness-role-may'
  return holder.hasPin ? undefined : 'witness-has-a-pin'
}

/**
 * Minutes may lie between her PIN and the end: whoever was revoked meanwhile speaks for nobody. The
 * writes conflict with a revocation that is committed beside the end.
 */
export async function witnessesStill(
  errand: Errand,
  needs: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<{ readonly rule: string | undefined; readonly writes: readonly Write[] }> {
  const writes: Write[] = []
  for (const { badgeId } of errand.proofs.witnesses) {
    const holder = await findBadgeHolder(needs.db, badgeId)
    const rule = holder ? standingRule(holder, errand, needs.nowMs()) : 'witness-is-known'
    if (!holder || rule !== undefined) return { rule: rule ?? 'witness-is-known', writes: [] }
    writes.push(guardPerson(needs.db, holder.personId, holder.personVersion))
  }
  return { rule: undefined, writes }
}
