// Which opening of a session ended because it moved on, and whether its workstation has said since
// when it was locked there: from the record, each by an index. Reads only.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { Schema } from '../../store/schema.ts'
import { toldFact } from './told-fact.ts'

export interface OpeningLeft {
  readonly session: SessionId
  readonly opening: number
  readonly workstation: WorkstationId
}

export interface LeftByMove {
  readonly person: string | null
  readonly openedMs: number
  readonly movedMs: number
}

type Db = Kysely<Schema>

const columns = [
  ...(['idx', 'at_ms', 'code'] as const),
  ...(['person_id', 'workstation_id', 'session_id', 'body'] as const),
] as const
/** More moves than a session has in its life, and more facts than a place has while it is away. */
const rowsMax = 500
const isMoved = sql<boolean>`code = 'SES-002'`

/** Nothing where it was left otherwise, or at another workstation. */
export async function findLeftByMove(
  db: Db,
  { session, opening, workstation }: OpeningLeft,
): Promise<LeftByMove | undefined> {
  const rows = await db
    .selectFrom('fact')
    .select(columns)
    .where(isMoved)
    .where('session_id', '=', session)
    .orderBy('at_ms', 'desc')
    .limit(rowsMax)
    .execute()
  for (const row of rows) {
    const { fields } = toldFact(row)
    if (fields['from'] !== workstation || fields['opening'] !== opening) continue
    const openedMs = typeof fields['openedMs'] === 'number' ? fields['openedMs'] : 0
    return { person: row.person_id, openedMs, movedMs: row.at_ms }
  }
  return undefined
}

export async function isToldOf(
  db: Db,
  { session, opening, workstation }: OpeningLeft,
  sinceMs: number,
): Promise<boolean> {
  const rows = await db
    .selectFrom('fact')
    .select(columns)
    .where('workstation_id', '=', workstation)
    .where('at_ms', '>=', sinceMs)
    .where('code', '=', 'SES-008')
    .where('session_id', '=', session)
    .orderBy('at_ms', 'desc')
    .limit(rowsMax)
    .execute()
  return rows.some((row) => toldFact(row).fields['opening'] === opening)
}
