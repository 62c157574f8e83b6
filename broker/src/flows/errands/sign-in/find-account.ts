// Whose hospital account it is: by the name that HR gave her, or her staff number. One person, or
// nobody; a mail address is never looked at.

import { staffNumber } from '@wardkey/protocol/workstation/agent-frames'
import { findHolder } from '../../../identity/find-card-holder.ts'
import type { Holder } from '../../../identity/find-card-holder.ts'
import { findByStaffNumber, staffLookup } from '../../../identity/staff-number.ts'
import { findByUserName, userNameLookup } from '../../hr/hr-lookups.ts'
import type { AccountNeeds } from './account-needs.ts'
import type { SignInNeeds } from './redeem-sign-in.ts'

/** Both are unique in the store: of two people there is never one to choose. */
export async function findAccount(
  name: string,
  {
    db,
    staffKey,
    accounts,
  }: Pick<SignInNeeds, 'db' | 'staffKey'> & {
    readonly accounts: Pick<AccountNeeds, 'person' | 'hrKey'>
  },
): Promise<Holder | undefined> {
  if (accounts.person === 'user-name') {
    const person = await findByUserName(db, userNameLookup(name, accounts.hrKey))
    return person && findHolder(db, person)
  }
  // In capitals other letters could become a number's: only what a number may be.
  const number = staffNumber.safeParse(name).data
  const person = number && (await findByStaffNumber(db, staffLookup(number, staffKey)))
  return person ? findHolder(db, person) : undefined
}
