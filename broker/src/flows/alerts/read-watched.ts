// The record as rules of alerts read it: in its order, a page at a time, so that taps have their
// turn. Reads only.

import type { Kysely } from 'kysely'
import type { AlertFact } from '../../policy/alerts/alert-fact.ts'
import { watchedCodes } from '../../policy/alerts/alert-watch.ts'
import type { Schema } from '../../store/schema.ts'
import { toldFact } from '../timeline/told-fact.ts'

type Db = Kysely<Schema>

const pageMax = 200

export interface WatchedRow {
  readonly index: number
  readonly atMs: number
  /** Absent where no rule looks at its code. */
  readonly fact?: AlertFact
}

/** A page of what comes from there on; of `only` codes, where they are named. */
export async function readWatched(
  db: Db,
  from: number,
  only?: readonly string[],
): Promise<readonly WatchedRow[]> {
  let query = db
    .selectFrom('fact')
    .selectAll()
    .where('idx', '>=', from)
    .orderBy('idx')
    .limit(pageMax)
  if (only) query = query.where('code', 'in', only)
  const rows = await query.execute()
  const watched: WatchedRow[] = []
  for (const row of rows) {
    const about = { index: row.idx, atMs: row.at_ms }
    if (!watchedCodes.has(row.code)) watched.push(about)
    else watched.push({ ...about, fact: await withBadge(db, toldFact(row)) })
  }
  return watched
}

/** A tap that was refused for its badge: why that cannot be used is the badge's own. */
async function withBadge(db: Db, fact: AlertFact): Promise<AlertFact> {
  const { code, badge, fields } = fact
  if (code !== 'TAP-101' || badge === undefined || fields['code'] !== 'badge-not-usable') {
    return fact
  }
  const row = await db
    .selectFrom('badge')
    .select('status')
    .where('id', '=', badge)
    .executeTakeFirst()
  const { index, atMs, recordedMs, person, workstation, zone, rule } = fact
  const known = { index, code, atMs, recordedMs, person, workstation, zone, badge, rule, fields }
  return { ...known, badgeStatus: row?.status }
}

/** The oldest fact that no checkpoint is over. */
export async function findUnsealed(
  db: Db,
): Promise<{ readonly index: number; readonly atMs: number } | undefined> {
  const head = await db
    .selectFrom('checkpoint')
    .select('size')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  const row = await db
    .selectFrom('fact')
    .select(['idx', 'at_ms'])
    .where('idx', '>=', head?.size ?? 0)
    .orderBy('idx')
    .limit(1)
    .executeTakeFirst()
  return row && { index: row.idx, atMs: row.at_ms }
}
