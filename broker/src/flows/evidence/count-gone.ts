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

export interface GoneCounted {
  readonly inPeriod: readonly GoneInPeriod[]
  /** When the very first entry was written, where that is gone. */
  readonly firstMs: number | undefined
  /** Of those that the law keeps longer: how many of each class, and which purges took them. */
  readonly early: ReadonlyMap<EndingClass, number>
  readonly earlyBy: readonly number[]
}

export interface GoneOrder {
  readonly gone: GoneSet
  readonly check: GoneCheck
  readonly period: Period
  readonly isKept: (code: string, atMs: number) => boolean
}

/**
 * What the lists cover is covered in the set afterwards, whenever it happened; whether they may,
 * the check says, which has seen the record.
 */
export async function countGone(db: Kysely<Schema>, order: GoneOrder): Promise<GoneCounted> {
  const { gone, check, period, isKept } = order
  const inPeriod = new Map<EndingClass, GoneInPeriod>()
  const early = new Map<EndingClass, number>()
  const earlyBy = new Set<number>()
  let firstMs: number | undefined
  if (gone.count === 0) return { inPeriod: [], firstMs, early, earlyBy: [] }
  for await (const { number, list, atMs: takenMs } of readPurges(db)) {
    check.list(number, list)
    for (const { index, code, atMs } of parsePurgeList(list) ?? []) {
      const name = endingClasses.find((one) => one === retentionClassOf(code))
      if (!gone.cover(index) || name === undefined) continue
      if (index === 0) firstMs = atMs
      if (isKept(code, atMs)) {
        early.set(name, (early.get(name) ?? 0) + 1)
        earlyBy.add(number)
      }
      if (atMs < period.fromMs || atMs >= period.untilMs) continue
      const { count, firstTakenMs } = inPeriod.get(name) ?? { count: 0, firstTakenMs: takenMs }
      const more = { count: count + 1, firstTakenMs, lastTakenMs: takenMs }
      inPeriod.set(name, { class: name, ...more })
    }
  }
  return { inPeriod: [...inPeriod.values()], firstMs, early, earlyBy: [...earlyBy] }
}
