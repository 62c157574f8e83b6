// The roles that somebody has left when HR or an administrator gives her others: those, and what an
// exception gives her beside them. Reads only.

import type { PersonId } from '@wardkey/protocol/ids'
import { findHolder } from '../../identity/find-card-holder.ts'
import { rolesAt } from '../../policy/access-standing.ts'
import type { FlowNeeds } from '../flow-needs.ts'

export async function standingRoles(
  person: PersonId,
  roles: readonly string[],
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<readonly string[]> {
  const holder = await findHolder(db, person)
  return holder ? rolesAt(roles, holder.access, nowMs()) : roles
}
