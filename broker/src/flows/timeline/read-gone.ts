// What retention took out of a time, by class: facts that are missing of it are gone as they may
// be, and no fault of anybody. Reads only.

import type { Kysely } from 'kysely'
import type { GoneByRetention } from '@wardkey/protocol/console/gone-by-retention'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import type { Schema } from '../../store/schema.ts'

/** Of facts recorded from then on; nothing where none went that could be of that time. */
export async function readGoneFrom(
  db: Kysely<Schema>,
  fromMs: number,
): Promise<readonly GoneByRetention[]> {
  const rows = await db
    .selectFrom('retention_purge')
    .select(({ fn }) => [
      'class',
      fn.max('before_ms').as('before_ms'),
      fn.max('at_ms').as('last_ms'),
      fn.min('number').as('first_list'),
      fn.max('number').as('last_list'),
    ])
    .groupBy('class')
    .orderBy('class')
    .execute()
  return rows
    .filter(({ before_ms: beforeMs }) => beforeMs > fromMs)
    .map((row) => ({
      class: row.class,
      beforeMs: row.before_ms,
      lastTakenMs: row.last_ms,
      firstList: row.first_list,
      lastList: row.last_list,
    }))
}

/** Up to when facts of a class may be gone; 0 where none are. */
export const goneUntil = (gone: readonly GoneByRetention[], name: EndingClass): number =>
  gone.find((one) => one.class === name)?.beforeMs ?? 0
