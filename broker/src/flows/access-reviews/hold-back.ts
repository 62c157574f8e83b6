// What a review took away and somebody else still gives: a role by HR's mapping, a console role by
// the provider's groups. It is held back here until they have taken it away, too.

import type { Kysely } from 'kysely'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Fact } from '../../audit/fact.ts'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'

type Kind = Schema['held_back']['kind']

export function holdBack(
  held: {
    readonly person: string
    readonly kind: Kind
    readonly what: string
    readonly by: string
  },
  { db, newId, nowMs }: FlowNeeds,
): Write {
  const { person, kind, what, by } = held
  const query = db
    .insertInto('held_back')
    .values({ id: newId(), person_id: person, kind, what, since_ms: nowMs(), by })
    .onConflict((same) => same.columns(['person_id', 'kind', 'what']).doNothing())
    .compile()
  return { query }
}

/** By person; nearly nobody has any. */
export async function heldBackOf(
  people: readonly string[],
  kind: Kind,
  db: Kysely<Schema>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (people.length === 0) return new Map()
  const rows = await db
    .selectFrom('held_back')
    .select(['person_id', 'what'])
    .where('person_id', 'in', people)
    .where('kind', '=', kind)
    .execute()
  const held = new Map<string, string[]>()
  for (const { person_id: id, what } of rows) held.set(id, [...(held.get(id) ?? []), what])
  return held
}

export interface Left {
  /** Without what is held back. */
  readonly roles: readonly string[]
  readonly facts: readonly Fact[]
  /** What is given no more is held back no more: given anew, it counts. */
  readonly writes: readonly Write[]
}

export async function withoutHeldBack(
  person: PersonId,
  given: readonly string[],
  kind: Kind,
  needs: FlowNeeds,
): Promise<Left> {
  const held = (await heldBackOf([person], kind, needs.db)).get(person) ?? []
  return leftOf(person, given, held, kind, needs)
}

export function leftOf(
  person: string,
  given: readonly string[],
  held: readonly string[],
  kind: Kind,
  needs: FlowNeeds,
): Left {
  const done = held.filter((what) => !given.includes(what))
  return {
    roles: given.filter((role) => !held.includes(role)),
    facts: done.map((what) =>
      newFact(needs, 'ACR-009', { person, fields: { kind, what, because: 'given-no-more' } }),
    ),
    writes: done.map((what) => ({
      query: needs.db
        .deleteFrom('held_back')
        .where('person_id', '=', person)
        .where('kind', '=', kind)
        .where('what', '=', what)
        .compile(),
    })),
  }
}
