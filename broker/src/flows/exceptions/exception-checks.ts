// What has to be so of an exception when it is asked for, and still when it is approved.

import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { PersonId } from '@wardkey/protocol/ids'
import { findHolder } from '../../identity/find-card-holder.ts'
import type { FlowNeeds } from '../flow-needs.ts'

export interface Asked {
  readonly personId: PersonId
  readonly ownerId: PersonId
  readonly kind: 'role' | 'zone'
  readonly what: string
}

/** Why it cannot stand as it is: nobody who works here answers for it, or the zone is none. */
export async function flawOf(
  { personId, ownerId, kind, what }: Asked,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<AdminRefusalCode | undefined> {
  const owner = await findHolder(db, ownerId)
  if (owner?.personStatus !== 'active' || owner.personId === personId) return 'exception-owner'
  if (kind === 'role') return undefined
  const zone = await db.selectFrom('zone').select('id').where('id', '=', what).executeTakeFirst()
  return zone ? undefined : 'zone-unknown'
}
