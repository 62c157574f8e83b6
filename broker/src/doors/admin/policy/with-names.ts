// Names beside the ids of an answer, for a caller who may read people, and only of those who were
// not forgotten: the record itself has none. That they were shown is in the record with the look.

import type { ReplayShown, WhyShown } from '@wardkey/protocol/admin/why'
import { personId } from '@wardkey/protocol/ids'
import type { AdminCaller } from '../../../flows/admin-tokens.ts'
import { nameOfPerson } from '../../../flows/told-grant.ts'
import { findPerson } from '../../../identity/people.ts'
import type { AdminNeeds } from '../admin-needs.ts'

export function mayReadNames({ scopes }: Pick<AdminCaller, 'scopes'>): boolean {
  return scopes.has('people:read')
}

export async function whyWithName(why: WhyShown, needs: AdminNeeds): Promise<WhyShown> {
  const id = personId.safeParse(why.personId)
  const person = id.success ? await findPerson(needs.db, id.data) : undefined
  if (!person) return why
  const name = await nameOf(person.id, needs)
  const told = { ...why, personStatus: person.status }
  return name === undefined ? told : { ...told, personName: name }
}

/** Each person once, however many examples are hers. */
export async function replayWithNames(
  replay: ReplayShown,
  needs: AdminNeeds,
): Promise<ReplayShown> {
  const names = new Map<string, string | undefined>()
  for (const { personId: id } of replay.examples) {
    if (!names.has(id)) names.set(id, await nameOf(id, needs))
  }
  const examples = replay.examples.map((one) => {
    const name = names.get(one.personId)
    return name === undefined ? one : { ...one, personName: name }
  })
  return { ...replay, examples }
}

async function nameOf(id: string, needs: AdminNeeds): Promise<string | undefined> {
  const name = await nameOfPerson(id, needs)
  return name && `${name.given} ${name.family}`
}
