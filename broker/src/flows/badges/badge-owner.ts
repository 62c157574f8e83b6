// Who is meant by what a list or a caller knows of her: an id, a staff number, a user name.

import type { BadgeImportRow } from '@wardkey/protocol/admin/badges/badge-import'
import type { PersonId } from '@wardkey/protocol/ids'
import { findPerson } from '../../identity/people.ts'
import { findByStaffNumber, staffLookup } from '../../identity/staff-number.ts'
import { findByUserName, userNameLookup } from '../hr/hr-lookups.ts'
import type { HrNeeds } from '../hr/hr-flow.ts'

export async function badgeOwner(
  owner: BadgeImportRow['owner'],
  { db, staffKey, hrKey }: Pick<HrNeeds, 'db' | 'staffKey' | 'hrKey'>,
): Promise<PersonId | undefined> {
  switch (owner.by) {
    case 'person-id':
      return (await findPerson(db, owner.personId))?.id
    case 'staff-number':
      return findByStaffNumber(db, staffLookup(owner.staffNumber, staffKey))
    case 'user-name':
      return findByUserName(db, userNameLookup(owner.userName, hrKey))
  }
}
