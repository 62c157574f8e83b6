// What a person's status is once security does not hold her: what HR says of her employment and
// its dates, or active where HR says nothing.

import type { PersonId } from '@wardkey/protocol/ids'
import type { PersonStatus } from '../../identity/people.ts'
import { parseAccessFacts } from '../../identity/access-facts.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { findHrRow } from './hr-person-row.ts'
import { statusOf } from './life-cycle.ts'

export async function standingOf(
  person: PersonId,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<PersonStatus> {
  const row = await findHrRow(db, person)
  if (!row) return 'active'
  const access = parseAccessFacts(row.access)
  return statusOf({ employment: row.employment, isHeld: false, access }, nowMs())
}
