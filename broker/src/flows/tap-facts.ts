// Facts of taps, as the record keeps them, for whoever explains or replays them. Reads only, a page
// at a time, and never more than its limit.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Schema } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { firstAfter } from './first-after.ts'

const fields = z.looseObject({
  code: z.string().optional(),
  quote: z.string().optional(),
  /** The set of policies, the rule of theirs, and what they were asked. */
  policies: z.string().optional(),
  policy: z.string().optional(),
  saw: z.string().optional(),
  otherwise: z.string().optional(),
  graceZone: z.string().optional(),
  gracePinAtMs: z.number().optional(),
  graceLastMs: z.number().optional(),
  /** Of a line that a cut-off workstation wrote: its journal, its own time, what came of it. */
  journal: z.string().optional(),
  atMs: z.number().optional(),
  outcome: z.string().optional(),
  purpose: z.string().optional(),
})

const body = z.looseObject({
  id: z.string(),
  code: z.string(),
  atMs: z.number(),
  tap: z.string().optional(),
  person: z.string().optional(),
  workstation: z.string().optional(),
  zone: z.string().optional(),
  rule: z.string().optional(),
  fields: fields.default({}),
})
export type TapFact = z.output<typeof body>

const pageMax = 1000
/** A PIN may be waited for, and a house does other things meanwhile. */
const aroundMax = 3000

export interface FactRow {
  readonly idx: number
  readonly code: string
  readonly body: Uint8Array
}

/** Written out, as the partial index has it: behind parameters no engine would see that it fits. */
const isOfTap = sql<boolean>`code in ('TAP-001', 'TAP-002', 'TAP-003', 'TAP-101', 'TAP-102',
  'BTG-001', 'BTG-002', 'BTG-101', 'OFF-002', 'OFF-005', 'ERD-001', 'ERD-004', 'ERD-101')`

/** The store looks into the bytes by itself: of the most a fact is another tap's. */
export type TapStore = Pick<Store, 'engine' | 'read'>

/** As the indexes have them: the first letters of the tap's id, and the code that a screen shows. */
const lettersMax = 8
const letters = {
  sqlite: sql<Uint8Array>`substr(body, instr(body, x'22746170223a22') + 7, 8)`,
  postgres: sql<Uint8Array>`substring(body from
    position('\\x22746170223a22'::bytea in body) + 7 for 8)`,
}
const code = {
  sqlite: sql<Uint8Array>`substr(body, instr(body, x'2271756f7465223a22') + 9, 7)`,
  postgres: sql<Uint8Array>`substring(body from
    position('\\x2271756f7465223a22'::bytea in body) + 9 for 7)`,
}
const isRefusal = sql<boolean>`code in ('TAP-101', 'BTG-101', 'ERD-101')`

/** The tap's id, or whatever stands where it would be: behind it are two ids and a short one. */
const tap = {
  sqlite: sql<string>`cast(substr(substr(body, -200),
    instr(substr(body, -200), x'22746170223a22') + 7, 36) as text)`,
  postgres: sql<string>`encode(substring(body from greatest(0, length(body) - 200) + position(
    '\\x22746170223a22'::bytea in substring(body from greatest(0, length(body) - 200) + 1)) + 7
    for 36), 'escape')`,
}

const hasText = ({ engine }: TapStore, text: string) =>
  engine === 'sqlite'
    ? sql<boolean>`instr(body, ${Buffer.from(text)}) > 0`
    : sql<boolean>`position(${Buffer.from(text)}::bytea in body) > 0`

/** As the record writes it. */
const textOfTap = (id: string): string => `"tap":"${id}"`

type Placed = Readonly<Record<'at_ms' | 'idx', number>>
const newestFirst = (a: Placed, b: Placed): number => b.at_ms - a.at_ms || b.idx - a.idx

/** Those that tell what became of it, the newest first. */
export async function factsOfTap(store: TapStore, id: string): Promise<readonly FactRow[]> {
  const rows = await store.read
    .selectFrom('fact')
    .select(['idx', 'at_ms', 'code', 'body'])
    .where(isOfTap)
    .where(letters[store.engine], '=', Buffer.from(id.slice(0, lettersMax)))
    .where(hasText(store, textOfTap(id)))
    .execute()
  return rows.sort(newestFirst)
}

interface TapRow {
  readonly idx: number
  readonly at_ms: number
  readonly tap: string
}

/**
 * The tap that was refused with that code to quote, or else the newest whose id has it by
 * `isQuoteOf`, among the newest `rowsMax` facts of taps. Others have a turn after each page.
 */
export async function findQuoted(
  store: TapStore,
  quote: string,
  isQuoteOf: (tap: string) => boolean,
  rowsMax: number,
): Promise<string | undefined> {
  const refused = await refusedWith(store, quote)
  if (refused !== undefined) return refused
  let last: TapRow | undefined
  for (let seen = 0; seen < rowsMax; seen += pageMax) {
    const rows = await tapsBefore(store, last)
    const found = newestOf(rows, isQuoteOf)
    if (found !== undefined) return found
    if (rows.length < pageMax) return undefined
    last = rows.at(-1)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return undefined
}

/** The newest of them. */
async function refusedWith(store: TapStore, quote: string): Promise<string | undefined> {
  const rows = await store.read
    .selectFrom('fact')
    .select(['idx', 'at_ms', 'code', 'body'])
    .where(isRefusal)
    .where(code[store.engine], '=', Buffer.from(quote))
    .where(hasText(store, `"quote":"${quote}"`))
    .execute()
  const ofTaps = rows.sort(newestFirst).flatMap((row) => parseTapFact(row).tap ?? [])
  return ofTaps[0]
}

/** A tap has several facts near each other: it is looked at once. */
function newestOf(
  rows: readonly TapRow[],
  isQuoteOf: (tap: string) => boolean,
): string | undefined {
  const taps = new Set(rows.map((row) => row.tap))
  return [...taps].find(isQuoteOf)
}

function tapsBefore({ engine, read }: TapStore, last: TapRow | undefined) {
  let query = read
    .selectFrom('fact')
    .select(['idx', 'at_ms'])
    .select(tap[engine].as('tap'))
    .where(isOfTap)
    .orderBy('at_ms', 'desc')
    .orderBy('idx', 'desc')
    .limit(pageMax)
  if (last) {
    const { at_ms: lastMs, idx } = last
    query = query
      .where('at_ms', '<=', lastMs)
      .where((eb) => eb.or([eb('at_ms', '<', lastMs), eb('idx', '<', idx)]))
  }
  return query.execute()
}

/** What was written down of a tap about when that was, in its order. */
export function factsAround(
  store: TapStore,
  index: number,
  id: string,
): Promise<readonly FactRow[]> {
  return store.read
    .selectFrom('fact')
    .select(['idx', 'code', 'body'])
    .where('idx', '>=', index - aroundMax)
    .where('idx', '<=', index + aroundMax)
    .where(hasText(store, textOfTap(id)))
    .orderBy('idx')
    .execute()
}

/** Oldest first from `sinceMs` on; a fact's index is in the order of commits. */
export async function* factsSince(db: Kysely<Schema>, sinceMs: number, rowsMax: number) {
  let after = (await firstSince(db, sinceMs)) - 1
  for (let seen = 0; seen < rowsMax; seen += pageMax) {
    const rows: readonly FactRow[] = await db
      .selectFrom('fact')
      .select(['idx', 'code', 'body'])
      .where('idx', '>', after)
      .orderBy('idx')
      .limit(pageMax)
      .execute()
    yield rows
    if (rows.length < pageMax) return
    after = rows.at(-1)?.idx ?? after
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export function parseTapFact({ body: bytes }: FactRow): TapFact {
  return body.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
}

/** By halves: times are in the order of indexes, but for clocks that differ a little. */
async function firstSince(db: Kysely<Schema>, sinceMs: number): Promise<number> {
  const last = await db
    .selectFrom('fact')
    .select('idx')
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  return firstAfter(db, sinceMs, (last?.idx ?? -1) + 1)
}
