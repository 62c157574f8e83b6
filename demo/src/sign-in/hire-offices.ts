// HR's word about the people of the offices: said once, and again only where the answer was lost.

import { enterpriseUrn, ScimDoor, clinicianUrn, userUrn } from '../hr/scim-door.ts'
import type { DoorAddress } from '../hr/scim-door.ts'
import { officePeople, officePost, userNameOf } from './office-people.ts'
import type { OfficePerson } from './office-people.ts'

/** Throws with a sentence for people where one of them could not be hired. */
export async function hireOffices(address: DoorAddress): Promise<void> {
  const door = new ScimDoor(address)
  for (const [at, person] of officePeople.entries()) {
    const answer = await door.add(userOf(person, `O-${String(1001 + at)}`))
    if (answer.kind === 'trouble') {
      throw new Error(`The demo’s offices could not be staffed. ${answer.sentence}`)
    }
  }
}

function userOf(person: OfficePerson, staffNumber: string) {
  const { key, given, family, office } = person
  return {
    schemas: [userUrn, enterpriseUrn, clinicianUrn],
    userName: userNameOf(person),
    externalId: `demo-${key}`,
    name: { givenName: given, familyName: family },
    title: office,
    active: true,
    [enterpriseUrn]: { employeeNumber: staffNumber, department: officePost.department },
    [clinicianUrn]: { jobCode: officePost.jobCode, employmentStatus: 'active' },
  }
}
