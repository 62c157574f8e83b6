// Retention as people look at it: the classes with their floors, what is in force, what is gone so
// far, and why nothing goes where it has stopped. Reads only.

import { classRules, endingClasses } from '@wardkey/protocol/retention-classes'
import type { RetentionShown } from '@wardkey/protocol/admin/forget/retention'
import type { FlowNeeds } from '../flow-needs.ts'
import { ruleInForce } from './retention-rules.ts'
import { readState } from './retention-state.ts'

export async function showRetention(
  needs: Pick<FlowNeeds, 'db'>,
): Promise<Omit<RetentionShown, 'rules'>> {
  const { db } = needs
  const rule = await ruleInForce(needs)
  const state = await readState(db)
  const taken = await db
    .selectFrom('retention_purge')
    .select(({ fn }) => [
      'class',
      fn.sum<number | string>('count').as('gone'),
      fn.max('at_ms').as('last_ms'),
    ])
    .groupBy('class')
    .execute()
  const classes = endingClasses.map((name) => {
    const { what, usualDays, floorDays, why } = classRules[name]
    const row = taken.find((one) => one.class === name)
    return {
      ...{ class: name, what, usualDays, floorDays, why, gone: Number(row?.gone ?? 0) },
      ...(rule ? { days: rule[name] } : {}),
      ...(row ? { lastMs: row.last_ms } : {}),
    }
  })
  const { stopped: flaw, stopped_idx: at, stopped_ms: atMs, run_ms: lastRunMs } = state
  return {
    classes,
    ...(lastRunMs === 0 ? {} : { lastRunMs }),
    ...(flaw === null || at === null || atMs === null ? {} : { stopped: { flaw, at, atMs } }),
  }
}
