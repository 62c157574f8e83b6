// Facts of taps, as the record keeps them, for whoever explains or replays them. Reads only, a page
// at a time, and never more than its limit.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Schema } from '../store/schema.ts'
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

/**
 * Those that tell what became of a tap, the newest first, pages of rows; others have a turn after
 * each.
 */
export async function* tapFactsBackwards(db: Kysely<Schema>, rowsMax: number) {
  let last: { readonly at_ms: number; readonly idx: number } | undefined
  for (let seen = 0; seen < rowsMax; seen += pageMax) {
    let query = db
      .selectFrom('fact')
      .select(['idx', 'at_ms', 'code', 'body'])
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
    const rows = await query.execute()
    yield rows satisfies readonly FactRow[]
    if (rows.length < pageMax) return
    last = rows.at(-1)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** What was written down about when that was, in its order. */
export function factsAround(db: Kysely<Schema>, index: number): Promise<readonly FactRow[]> {
  return db
    .selectFrom('fact')
    .select(['idx', 'code', 'body'])
    .where('idx', '>=', index - aroundMax)
    .where('idx', '<=', index + aroundMax)
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
