// Which facts a legal hold keeps: whoever, wherever and whenever it is about, and whatever names
// them anywhere in its body. In doubt it keeps.

import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'

type Db = Kysely<Schema>

export type StandingHold = Pick<
  Schema['legal_hold'],
  'id' | 'person_id' | 'workstation_id' | 'from_ms' | 'until_ms'
>

export async function standingHolds(db: Db): Promise<readonly StandingHold[]> {
  return db
    .selectFrom('legal_hold')
    .select(['id', 'person_id', 'workstation_id', 'from_ms', 'until_ms'])
    .where('lifted_ms', 'is', null)
    .orderBy('id')
    .execute()
}

export interface DueFact {
  readonly idx: number
  readonly code: string
  readonly at_ms: number
  readonly person_id: string | null
  readonly workstation_id: string | null
  readonly session_id: string | null
  readonly body: Uint8Array
}

/** Those that no hold keeps. */
export async function notHeld(
  due: readonly DueFact[],
  holds: readonly StandingHold[],
  db: Db,
): Promise<readonly DueFact[]> {
  if (holds.length === 0 || due.length === 0) return due
  const owners = await ownersOf(due, db)
  return due.filter((fact) => {
    const owner = owners.get(fact.session_id ?? '')
    const body = Buffer.from(fact.body).toString('utf8')
    return !holds.some((hold) => isKept(fact, owner, body, hold))
  })
}

function isKept(
  fact: DueFact,
  owner: string | undefined,
  body: string,
  { person_id: person, workstation_id: place, from_ms: fromMs, until_ms: untilMs }: StandingHold,
): boolean {
  if (fact.at_ms < (fromMs ?? 0) || fact.at_ms > (untilMs ?? Infinity)) return false
  const isHers =
    person === null || fact.person_id === person || owner === person || body.includes(person)
  return isHers && (place === null || fact.workstation_id === place || body.includes(place))
}

/** Whose the sessions are: some facts name no more than those. */
async function ownersOf(due: readonly DueFact[], db: Db): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(due.flatMap(({ session_id: id }) => id ?? []))]
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('session')
    .select(['id', 'person_id'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, person_id: person }) => [id, person]))
}
