// What people are called, asked for by their ids, as far as they are known and not forgotten.

import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Timeline } from '@wardkey/protocol/console/timeline'
import type { AdminNeeds } from '../admin-needs.ts'
import { OpenNames } from './open-names.ts'

type Named = ReadonlyMap<PersonId, Timeline['people'][number]>

const idsAtOnce = 500

/** Whoever is nobody here is not in it. */
export async function namesOf(
  people: readonly PersonId[],
  { db, personKeys }: Pick<AdminNeeds, 'db' | 'personKeys'>,
): Promise<Named> {
  const named = new Map<PersonId, Timeline['people'][number]>()
  for (let from = 0; from < people.length; from += idsAtOnce) {
    const rows = await db
      .selectFrom('person')
      .leftJoin('person_key', 'person_key.person_id', 'person.id')
      .where('person.id', 'in', people.slice(from, from + idsAtOnce))
      .select(['person.id', 'person.name_sealed', 'person_key.wrapped'])
      .execute()
    const parsed = rows.map((row) => ({ ...row, person_id: personId.parse(row.id) }))
    const opened = new OpenNames(personKeys).open(parsed)
    for (const { person_id: id } of parsed) {
      const name = opened.get(id)
      named.set(id, { personId: id, ...(name ? { name } : {}) })
    }
  }
  return named
}
