// A person's name, roles or return to work change. Going is another flow (revoke-person): it ends
// what is open.

import { z } from 'zod'
import type { PersonId } from '@wardkey/protocol/ids'
import { staffNumber } from '@wardkey/protocol/workstation/agent-frames'
import { sealFields } from '../audit/sealed-fields.ts'
import { changePersonRow, findPerson } from '../identity/people.ts'
import type { Person, PersonStatus } from '../identity/people.ts'
import { nameText, personName, sealName } from '../identity/person-name.ts'
import { clearGrace } from '../sessions/grace.ts'
import { roleName } from './add-person.ts'
import { standingRoles } from './exceptions/standing-roles.ts'
import { newFact } from './flow-needs.ts'
import { standingOf } from './hr/standing-of.ts'
import { lockPerson } from './lock-person.ts'
import { refuseChange } from './person-flow.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { screensFirst } from './session-notices.ts'
import { changeStaffNumber } from './staff-number-change.ts'

export const personChange = z.strictObject({
  name: personName.optional(),
  roles: z.array(roleName).min(1).max(32).optional(),
  staffNumber: staffNumber.nullable().optional(),
  /** Back from leave or suspension, as far as HR has her here. Who was terminated is added anew. */
  isActive: z.literal(true).optional(),
})
export type PersonChange = z.infer<typeof personChange>

/** Where a role is taken away, open screens lock: the next tap is decided with what is left. */
export async function changePerson(
  change: PersonChange & Actor & { readonly personId: PersonId },
  needs: PersonFlowNeeds,
): Promise<Recorded<{ readonly kind: 'changed' } | AdminRefused>> {
  const { db } = needs
  const about = { person: change.personId, by: change.by }
  const person = await findPerson(db, change.personId)
  if (!person) return refuseChange('PER-101', 'person-unknown', about, needs)
  const key = await needs.personKeys.find(person.id)
  if (!key || person.status === 'terminated') {
    return refuseChange('PER-101', 'person-forgotten', about, needs)
  }
  const numbered = await changeStaffNumber(person.id, change.staffNumber, key, needs)
  if (!numbered) return refuseChange('PER-101', 'staff-number-taken', about, needs)
  const locked = hasLost(person, change.roles)
    ? await lockPerson(person.id, 'roles-changed', needs)
    : []
  const left = change.roles && (await standingRoles(person.id, change.roles, needs))
  // Lifting a hold does not hire anybody: HR's word is what is left then.
  const back = change.isActive && (await standingOf(person.id, needs))
  const nameSealed = change.name && sealName(change.name, key, person.id)
  const row = changePersonRow(db, person, {
    ...(change.roles === undefined ? {} : { roles: change.roles }),
    ...(back === undefined ? {} : { status: back, heldMs: null }),
    ...(nameSealed === undefined ? {} : { nameSealed }),
    nowMs: needs.nowMs(),
  })
  const fact = newFact(needs, 'PER-002', { person: person.id, fields: fieldsOf(change, back) })
  return {
    answer: { kind: 'changed' },
    facts: [
      { ...fact, ...sealedOf(fact.id, person, change, key) },
      ...locked.flatMap(({ facts }) => facts),
    ],
    writes: [
      row,
      ...numbered,
      // Back at work, the first tap asks for the PIN.
      ...(change.isActive === undefined ? [] : [clearGrace(db, person.id)]),
      ...locked.flatMap(({ writes }) => writes),
    ],
    notices: [
      ...screensFirst(locked.flatMap(({ notices }) => notices)),
      ...(left && hasLost(person, change.roles)
        ? [{ kind: 'role-lost' as const, personId: person.id, roles: left }]
        : []),
    ],
  }
}

function sealedOf(factId: string, { id }: Person, change: PersonChange, key: Buffer) {
  const { name, staffNumber: number } = change
  if (!name && typeof number !== 'string') return {}
  const told = {
    ...(name ? { name: nameText(name) } : {}),
    ...(typeof number === 'string' ? { staffNumber: number } : {}),
  }
  return { sealed: sealFields({ id: factId, person: id }, told, key) }
}

function hasLost(person: Person, roles: readonly string[] | undefined): boolean {
  return roles !== undefined && person.roles.some((role) => !roles.includes(role))
}

function fieldsOf(change: PersonChange & Actor, back: PersonStatus | undefined) {
  return {
    by: change.by,
    nameChanged: change.name !== undefined,
    ...(change.staffNumber === undefined ? {} : { staffNumberChanged: true }),
    ...(change.roles === undefined ? {} : { roles: change.roles.join(' ') }),
    ...(back === undefined ? {} : { status: back }),
  }
}
