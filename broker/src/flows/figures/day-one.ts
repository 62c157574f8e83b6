// Who of the people that were added had the rights she needed on the day after her first tap. Reads
// only: of each person the tap that was first, and of her refusals those of that day alone.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { FiguresOf } from '@wardkey/protocol/admin/figures/figures'
import type { Schema } from '../../store/schema.ts'
import { toldFact } from '../timeline/told-fact.ts'
import type { ToldFact, ToldRow } from '../timeline/told-fact.ts'

type Db = Kysely<Schema>

/** A person who was added, and her first tap after that. */
interface Begun {
  readonly idx: number
  readonly person_id: string
  readonly at_ms: number
  readonly first_ms: number
  /** Facts of her from being added to that tap, itself not among them. */
  readonly before: number
  readonly is_refused: boolean | 0 | 1
}

const dayMs = 86_400_000
/** Of one person no more are looked at: of whoever has more, the first. */
const factsMax = 500
/** In one question, which holds up nobody for longer than one person's facts would. */
const peopleAtOnce = 20

/** Refusals that say that a right is missing, and not that a hand slipped. */
const rights: ReadonlySet<unknown> = new Set([
  'role-not-in-zone',
  'zone-not-hers',
  'training-lapsed',
  'not-permitted',
  'access-not-begun',
  'person-not-active',
])

/** Written out as the partial index has it. */
const isRefusal = sql<boolean>`refusal.code = 'TAP-101'`

/** Her first day is the one after her first tap, within a week of being added. */
export async function dayOne(db: Db, rare: readonly ToldFact[]): Promise<FiguresOf['dayOne']> {
  const added = rare.filter(({ code, person }) => code === 'PER-001' && person !== undefined)
  let people = 0
  let right = 0
  for (let from = 0; from < added.length; from += peopleAtOnce) {
    const some = added.slice(from, from + peopleAtOnce)
    const begun = await begunOf(db, some)
    for (const { index } of some) {
      // Whoever taps meanwhile waits for a few people's facts, and not for those of a whole house
      // that was let in this month.
      await new Promise((resolve) => setImmediate(resolve))
      const one = begun.get(index)
      if (!one || one.before >= factsMax || one.first_ms - one.at_ms > 7 * dayMs) continue
      people += 1
      if (!one.is_refused || !(await lackedRight(db, one))) right += 1
    }
  }
  return { people, right }
}

async function begunOf(db: Db, added: readonly ToldFact[]): Promise<ReadonlyMap<number, Begun>> {
  const { rows } = await sql<Begun>`
    with added as (
      select fact.idx, fact.person_id, fact.at_ms, (
        select tap.idx from fact as tap
        where tap.person_id = fact.person_id and tap.at_ms >= fact.at_ms
          and tap.at_ms < fact.at_ms + ${sql.lit(8 * dayMs)} and substr(tap.code, 1, 4) = 'TAP-'
        order by tap.at_ms, tap.idx limit 1) as first_idx
      from fact where fact.idx in (${sql.join(added.map(({ index }) => index))}))
    select added.idx, added.person_id, added.at_ms, first.at_ms as first_ms, (
        select count(*) from fact as other
        where other.person_id = added.person_id and other.at_ms >= added.at_ms
          and other.at_ms <= first.at_ms and (other.at_ms < first.at_ms or other.idx < first.idx)
      ) as before, exists (
        select 1 from fact as refusal
        where ${isRefusal} and refusal.person_id = added.person_id
          and refusal.at_ms >= first.at_ms and refusal.at_ms < first.at_ms + ${sql.lit(dayMs)}
      ) as is_refused
    from added join fact as first on first.idx = added.first_idx`.execute(db)
  return new Map(rows.map((row) => [row.idx, row]))
}

async function lackedRight(db: Db, begun: Begun): Promise<boolean> {
  const refusals = await db
    .selectFrom('fact as refusal')
    .selectAll()
    .where(isRefusal)
    .where('person_id', '=', begun.person_id)
    .where('at_ms', '>=', begun.first_ms)
    .where('at_ms', '<', begun.first_ms + dayMs)
    .orderBy('at_ms')
    .orderBy('idx')
    .limit(factsMax)
    .execute()
  const about = refusals.filter((row) => rights.has(toldFact(row).fields['code']))
  const [first] = about
  return first !== undefined && (await isAmongFirst(db, begun, first))
}

async function isAmongFirst(
  db: Db,
  { person_id: person, at_ms: fromMs }: Begun,
  { at_ms: atMs, idx }: ToldRow,
): Promise<boolean> {
  const last = await db
    .selectFrom('fact')
    .select(['at_ms', 'idx'])
    .where('person_id', '=', person)
    .where('at_ms', '>=', fromMs)
    .orderBy('at_ms')
    .orderBy('idx')
    .limit(1)
    .offset(factsMax - 1)
    .executeTakeFirst()
  return !last || atMs < last.at_ms || (atMs === last.at_ms && idx <= last.idx)
}
