// What somebody is called, opened with her own key; nothing once she was forgotten.

import type { PersonId } from '@wardkey/protocol/ids'
import { findPerson } from '../../identity/people.ts'
import { openName } from '../../identity/person-name.ts'
import type { FlowNeeds } from '../../flows/flow-needs.ts'

export interface NameNeeds extends Pick<FlowNeeds, 'db'> {
  readonly personKeys: { find(person: string): Promise<Buffer | undefined> }
}

export async function nameOf(
  id: PersonId,
  { db, personKeys }: NameNeeds,
): Promise<string | undefined> {
  const person = await findPerson(db, id)
  const key = person && (await personKeys.find(id))
  if (!key) return undefined
  const { given, family } = openName(person.nameSealed, key, id)
  return `${given} ${family}`
}
