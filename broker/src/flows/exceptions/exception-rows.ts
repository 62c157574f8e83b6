// Exceptions as rows: what is read of them.

import type { Kysely } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { Schema } from '../../store/schema.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { House } from '../house-book.ts'

export type ExceptionRow = Schema['access_exception']

export interface ExceptionNeeds extends FlowNeeds {
  readonly house: House
  /** The site's: no exception lasts longer. */
  readonly exceptionMaxMs: number
}

/** As one person may have at once, proposed ones among them. */
export const exceptionsEach = 8
const listMax = 500

export async function findException(
  db: Kysely<Schema>,
  id: string,
): Promise<ExceptionRow | undefined> {
  return db.selectFrom('access_exception').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Those that wait for a word, or hold. */
export async function currentExceptions(
  db: Kysely<Schema>,
  person: string,
): Promise<readonly ExceptionRow[]> {
  return db
    .selectFrom('access_exception')
    .selectAll()
    .where('person_id', '=', person)
    .where('ended_ms', 'is', null)
    .execute()
}

/** The newest first; only those that wait or hold, unless all are asked for. */
export async function listExceptions(
  isAll: boolean,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<readonly ExceptionRow[]> {
  const rows = db
    .selectFrom('access_exception')
    .selectAll()
    .orderBy('proposed_ms', 'desc')
    .orderBy('id')
    .limit(listMax)
  return (isAll ? rows : rows.where('ended_ms', 'is', null)).execute()
}

/** Which held for her then: what a decision of that moment counted. */
export async function exceptionsThen(
  person: string,
  atMs: number,
  db: Kysely<Schema>,
): Promise<readonly ExceptionRow[]> {
  const rows = await db
    .selectFrom('access_exception')
    .selectAll()
    .where('person_id', '=', person)
    .where('outcome', '=', 'approved')
    .where('decided_ms', '<=', atMs)
    .where('until_ms', '>', atMs)
    .execute()
  return rows.filter((row) => row.ended_ms === null || row.ended_ms > atMs)
}

export function personOf({ person_id: id }: Pick<ExceptionRow, 'person_id'>) {
  return personId.parse(id)
}
