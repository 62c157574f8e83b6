// A person's staff number is given, changed or taken away: the write, and what the record keeps of it.
// One number is one person's; the store's index has the last word.

import type { PersonId } from '@wardkey/protocol/ids'
import {
  dropStaffNumber,
  findByStaffNumber,
  giveStaffNumber,
  sealStaffNumber,
  staffLookup,
} from '../identity/staff-number.ts'
import type { Write } from '../store/store.ts'
import type { PersonFlowNeeds } from './person-flow.ts'

/** Nothing leaves it as it is, null takes it away. */
export type StaffNumberChange = string | null | undefined

/** Nothing where somebody else has it. */
export async function changeStaffNumber(
  person: PersonId,
  change: StaffNumberChange,
  key: Uint8Array,
  { db, staffKey }: PersonFlowNeeds,
): Promise<readonly Write[] | undefined> {
  if (change === undefined) return []
  if (change === null) return [dropStaffNumber(db, person)]
  const lookup = staffLookup(change, staffKey)
  const owner = await findByStaffNumber(db, lookup)
  if (owner !== undefined && owner !== person) return undefined
  const sealed = sealStaffNumber(change, key, person)
  return [giveStaffNumber(db, { personId: person, lookup, sealed })]
}
