// What retention took of a period, by class, and when: the lists of all purges are read and handed
// to who judges them, and each entry that is gone is looked for in them. It reads only.

import type { Kysely } from 'kysely'
import { endingClasses, retentionClassOf } from '@wardkey/protocol/retention-classes'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import type { Period } from '../../audit/evidence/evidence-rule.ts'
import type { GoneCheck } from '../../audit/retention/gone-check.ts'
import { readPurges } from '../../audit/retention/gone-rows.ts'
import type { GoneSet } from '../../audit/retention/gone-set.ts'
import { parsePurgeList } from '../../audit/retention/purge-statement.ts'
import type { Schema } from '../../store/schema.ts'

export interface GoneInPeriod {
  readonly class: EndingClass
  readonly count: number
  /** When the first and the last of them were taken. */
  readonly firstTakenMs: number
  readonly lastTakenMs: number
}

/**
 * What the lists cover is covered in the set afterwards, whenever it happened; whether they may,
 * the check says, which has seen the record.
 */
export async function countGone(
  db: Kysely<Schema>,
  { gone, check }: { readonly gone: GoneSet; readonly check: GoneCheck },
  { fromMs, untilMs }: Period,
): Promise<readonly GoneInPeriod[]> {
  const byClass = new Map<string, GoneInPeriod>()
  if (gone.count === 0) return []
  for await (const { number, list, atMs: takenMs } of readPurges(db)) {
    check.list(number, list)
    for (const { index, code, atMs } of parsePurgeList(list) ?? []) {
      if (!gone.cover(index) || atMs < fromMs || atMs >= untilMs) continue
      const name = endingClasses.find((one) => one === retentionClassOf(code))
      if (name === undefined) continue
      const { count, firstTakenMs } = byClass.get(name) ?? { count: 0, firstTakenMs: takenMs }
      const more = { count: count + 1, firstTakenMs, lastTakenMs: takenMs }
      byClass.set(name, { class: name, ...more })
    }
  }
  return [...byClass.values()]
}
