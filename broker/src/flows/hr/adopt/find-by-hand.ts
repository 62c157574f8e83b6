// Who was added by hand, and whom HR may be speaking of. Reads only.

import type { PersonId } from '@wardkey/protocol/ids'
import { staffNumber } from '@wardkey/protocol/workstation/agent-frames'
import { parseAccessFacts } from '../../../identity/access-facts.ts'
import { personOf } from '../../../identity/people.ts'
import type { Person } from '../../../identity/people.ts'
import { openName } from '../../../identity/person-name.ts'
import type { PersonName } from '../../../identity/person-name.ts'
import { findByStaffNumber, staffLookup } from '../../../identity/staff-number.ts'
import type { HrNeeds } from '../hr-flow.ts'
import { findHrRow } from '../hr-person-row.ts'
import type { HrPerson } from '../hr-person-row.ts'
import type { HrIdentity, HrRecord } from '../hr-record.ts'

export interface ByHand {
  readonly person: Person
  readonly access: HrRecord['access']
  readonly key: Buffer
  readonly name: PersonName
}

type Finding = Pick<HrNeeds, 'db' | 'personKeys' | 'staffKey'>

/**
 * Nothing where nobody has the number, or whoever has it is HR's already. One person has one, by the
 * store's index; who left for good has none.
 */
export async function findByHand(
  { employeeNumber }: HrIdentity,
  needs: Finding,
): Promise<ByHand | undefined> {
  const number = staffNumber.safeParse(employeeNumber).data
  if (number === undefined) return undefined
  const id = await findByStaffNumber(needs.db, staffLookup(number, needs.staffKey))
  return id && findByHandId(id, needs)
}

/** Nothing for who is HR's, has left, or was forgotten. */
export async function findByHandId(id: PersonId, needs: Finding): Promise<ByHand | undefined> {
  const { db, personKeys } = needs
  const row = await db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.status === 'terminated' || (await findHrRow(db, id))) return undefined
  const key = await personKeys.find(id)
  if (!key) return undefined
  const name = openName(row.name_sealed, key, id)
  return { person: personOf(row), access: parseAccessFacts(row.access), key, name }
}

/** An administrator said what HR's system calls her, and it has not spoken of her yet. */
export const isAwaited = ({ version }: Pick<HrPerson, 'version'>): boolean => version === 0

/** What is known of her, as though HR had said it: what HR says then is a change of that. */
export function asIfSaid({ person, access, name }: ByHand, client: string): HrPerson {
  return {
    ...{ personId: person.id, client, isMapped: false },
    record: {
      identity: { userName: '', ...name, mails: [], isActive: true },
      place: { scimRoles: [] },
      access,
    },
    employment: person.status === 'on-leave' ? 'on-leave' : 'active',
    ...{ createdMs: 0, changedMs: 0, deletedMs: null, version: 0 },
  }
}
