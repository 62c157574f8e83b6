// The facts of a time line, from the record and nothing that is swept: newest first, a page at a
// time so that taps have their turn, never more than a limit, each found by an index.

import { sql } from 'kysely'
import type { ExpressionBuilder, Kysely } from 'kysely'
import type { PersonId, SessionId } from '@wardkey/protocol/ids'
import { factText } from '../../store/fact-text.ts'
import type { Schema } from '../../store/schema.ts'
import { toldFact, toldFacts } from './told-fact.ts'
import type { ToldFact, ToldRow } from './told-fact.ts'

type Db = Kysely<Schema>

/** Whom or where it is about; of a zone each of its workstations. */
export interface Subject {
  readonly column: 'person_id' | 'workstation_id'
  readonly ids: readonly string[]
}

export interface TimeRange {
  readonly fromMs: number
  /** Not itself. */
  readonly toMs: number
}

export interface FactsRead {
  readonly facts: readonly ToldFact[]
  /** Older ones were not read: there are more than the limit. */
  readonly isCut: boolean
}

const pageMax = 500
const firstSliceMs = 3_600_000
const longestSliceMs = 86_400_000
const idsAtOnce = 500

const columns = [
  ...(['idx', 'at_ms', 'code'] as const),
  ...(['person_id', 'workstation_id', 'session_id'] as const),
] as const

const selectTold = (db: Db) => db.selectFrom('fact').select(columns).select(factText(db).as('body'))

/** `codes`: those alone. */
export async function readBack(
  db: Db,
  subject: Subject,
  { fromMs, toMs }: TimeRange,
  rowsMax: number,
  codes?: readonly string[],
): Promise<FactsRead> {
  const facts: ToldFact[] = []
  if (subject.ids.length === 0) return { facts, isCut: false }
  // Several workstations have to be sorted together: so many hours at once as fill a page or two.
  let sliceMs = subject.ids.length === 1 ? toMs - fromMs : firstSliceMs
  let endMs = toMs
  let last: ToldRow | undefined
  while (endMs > fromMs) {
    const beginMs = Math.max(fromMs, endMs - sliceMs)
    const rows = await page(db, subject, { fromMs: beginMs, toMs: endMs }, last, codes)
    facts.push(...toldFacts(rows))
    if (facts.length >= rowsMax) return { facts, isCut: true }
    if (rows.length === pageMax) {
      last = rows.at(-1)
      if (subject.ids.length > 1) sliceMs = Math.max(firstSliceMs / 4, sliceMs / 2)
      endMs = (last?.at_ms ?? endMs) + 1
    } else {
      endMs = beginMs
      last = undefined
      if (rows.length < pageMax / 2) sliceMs = Math.min(longestSliceMs, sliceMs * 2)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { facts, isCut: false }
}

function page(
  db: Db,
  { column, ids }: Subject,
  range: TimeRange,
  last: ToldRow | undefined,
  codes: readonly string[] | undefined,
): Promise<readonly ToldRow[]> {
  const [only] = ids
  if (ids.length === 1 && only !== undefined) {
    return selectTold(db)
      .where(column, '=', only)
      .where(isOfPage(range, last, codes))
      .orderBy('at_ms', 'desc')
      .orderBy('idx', 'desc')
      .limit(pageMax)
      .execute()
  }
  // What several of them have is sorted by time: the places alone, and not what each fact says.
  const places = db
    .selectFrom('fact')
    .select('idx')
    .where(column, 'in', ids)
    .where(isOfPage(range, last, codes))
    .orderBy('at_ms', 'desc')
    .orderBy('idx', 'desc')
    .limit(pageMax)
  return selectTold(db)
    .where('idx', 'in', places)
    .orderBy('at_ms', 'desc')
    .orderBy('idx', 'desc')
    .execute()
}

/** Between these times, after the last of the page before, and of these codes alone. */
function isOfPage(
  { fromMs, toMs }: TimeRange,
  last: ToldRow | undefined,
  codes: readonly string[] | undefined,
) {
  return (eb: ExpressionBuilder<Schema, 'fact'>) =>
    eb.and([
      eb('at_ms', '>=', fromMs),
      eb('at_ms', '<', toMs),
      ...(codes ? [eb('code', 'in', codes)] : []),
      ...(last
        ? [
            eb.or([
              eb('at_ms', '<', last.at_ms),
              eb.and([eb('at_ms', '=', last.at_ms), eb('idx', '<', last.idx)]),
            ]),
          ]
        : []),
    ])
}

/** Written out, as the partial index has it: behind parameters no engine would see that it fits. */
const isMerged = sql<boolean>`code in ('OFF-002', 'OFF-003')`
const isMoved = sql<boolean>`code = 'SES-002'`
const isSpoken = sql<boolean>`code in ('BTG-004', 'BTG-102', 'ERD-002', 'ERD-102')`
const isDoor = sql<boolean>`code = 'PRE-002'`

/** Lines of journals that were merged only after that time. */
export async function readMergedAfter(
  db: Db,
  { column, ids }: Subject,
  afterMs: number,
  rowsMax: number,
): Promise<readonly ToldFact[]> {
  if (ids.length === 0) return []
  const rows = await selectTold(db)
    .where(isMerged)
    .where(column, 'in', ids)
    .where('at_ms', '>=', afterMs)
    .orderBy('at_ms')
    .limit(rowsMax)
    .execute()
  return toldFacts(rows)
}

export interface SpokenRead {
  readonly facts: readonly ToldFact[]
  /** From then on none was read: there are more of them, of everybody, than the limit. */
  readonly readUntilMs?: number
}

/**
 * In which she spoke for somebody, or her badge could not: they are about whom she spoke for. What
 * a cut-off workstation told of it later is among them.
 */
export async function readSpoken(
  db: Db,
  person: string,
  fromMs: number,
  rowsMax: number,
): Promise<SpokenRead> {
  const found: ToldFact[] = []
  let last: { readonly at_ms: number; readonly idx: number } = { at_ms: fromMs, idx: -1 }
  for (let read = 0; read < rowsMax; read += pageMax) {
    const rows = await spokenAfter(db, last)
    found.push(...toldFacts(rows).filter(({ fields }) => fields['witness'] === person))
    const end = rows.at(-1)
    if (rows.length < pageMax || !end) return { facts: found }
    last = end
    await new Promise((resolve) => setImmediate(resolve))
  }
  // Read to the very end by chance: then nothing is left out.
  const [next] = await spokenAfter(db, last, 1)
  return next ? { facts: found, readUntilMs: next.at_ms } : { facts: found }
}

function spokenAfter(
  db: Db,
  { at_ms: atMs, idx }: { readonly at_ms: number; readonly idx: number },
  rowsMax = pageMax,
) {
  return selectTold(db)
    .where(isSpoken)
    .where('at_ms', '>=', atMs)
    .where((eb) => eb.or([eb('at_ms', '>', atMs), eb('idx', '>', idx)]))
    .orderBy('at_ms')
    .orderBy('idx')
    .limit(rowsMax)
    .execute()
}

/** One fact by its place in the record. */
export async function findTold(db: Db, index: number): Promise<ToldFact | undefined> {
  const row = await selectTold(db).where('idx', '=', index).executeTakeFirst()
  return row && toldFact(row)
}

/** To which workstations these sessions moved: no fact of the one that they left says so. */
export async function readMoves(
  db: Db,
  sessions: readonly SessionId[],
): Promise<readonly ToldFact[]> {
  const found: ToldFact[] = []
  for (let from = 0; from < sessions.length; from += idsAtOnce) {
    const some = sessions.slice(from, from + idsAtOnce)
    const query = selectTold(db).where(isMoved)
    found.push(...toldFacts(await query.where('session_id', 'in', some).execute()))
  }
  return found
}

/** What doors said of these people; nothing where they said nothing of anybody. */
export async function readDoors(
  db: Db,
  people: readonly PersonId[],
  { fromMs, toMs }: TimeRange,
  rowsMax: number,
): Promise<readonly ToldFact[] | undefined> {
  const found: ToldFact[] = []
  for (let from = 0; from < people.length; from += idsAtOnce) {
    const some = people.slice(from, from + idsAtOnce)
    const query = selectTold(db)
      .where(isDoor)
      .where('at_ms', '>=', fromMs)
      .where('person_id', 'in', some)
      .where('at_ms', '<', toMs)
    found.push(...toldFacts(await query.limit(rowsMax - found.length).execute()))
  }
  if (found.length > 0) return found
  // They are told of others, then: or there are no doors that tell.
  const doors = db.selectFrom('fact').where(isDoor).where('at_ms', '>=', fromMs)
  const any = await doors.select('idx').where('at_ms', '<', toMs).limit(1).executeTakeFirst()
  return any && []
}
