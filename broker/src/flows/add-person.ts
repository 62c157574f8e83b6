// Somebody joins: a person with a key of her own, under which her name is sealed.

import { z } from 'zod'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { staffNumber } from '@wardkey/protocol/workstation/agent-frames'
import { sealFields } from '../audit/sealed-fields.ts'
import { insertPerson } from '../identity/people.ts'
import { nameText, personName, sealName } from '../identity/person-name.ts'
import { newFact } from './flow-needs.ts'
import { refuseChange } from './person-flow.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { changeStaffNumber } from './staff-number-change.ts'

export const roleName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)

export const newPerson = z.strictObject({
  name: personName,
  roles: z.array(roleName).min(1).max(32),
  staffNumber: staffNumber.optional(),
})
export type NewPerson = z.infer<typeof newPerson>

export async function addPerson(
  person: NewPerson & Actor,
  needs: PersonFlowNeeds,
): Promise<Recorded<{ readonly kind: 'added'; readonly personId: PersonId } | AdminRefused>> {
  const id = personId.parse(needs.newId())
  const nowMs = needs.nowMs()
  const { key, write } = needs.personKeys.make(id)
  const nameSealed = sealName(person.name, key, id)
  const numbered = await changeStaffNumber(id, person.staffNumber, key, needs)
  if (!numbered) return refuseChange('PER-101', 'staff-number-taken', { by: person.by }, needs)
  const fact = newFact(needs, 'PER-001', {
    person: id,
    fields: { by: person.by, roles: person.roles.join(' ') },
  })
  const told = {
    name: nameText(person.name),
    ...(person.staffNumber === undefined ? {} : { staffNumber: person.staffNumber }),
  }
  const sealed = sealFields({ id: fact.id, person: id }, told, key)
  return {
    answer: { kind: 'added', personId: id },
    facts: [{ ...fact, sealed }],
    writes: [
      write,
      insertPerson(needs.db, { id, nameSealed, roles: person.roles, nowMs }),
      ...numbered,
    ],
    notices: [],
  }
}
