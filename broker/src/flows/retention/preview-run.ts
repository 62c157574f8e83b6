// What would go, by a rule that is in force or only proposed: up to when, how many, and how far the
// next run gets. It changes nothing, and counts no further than is worth waiting for.

import { endingClasses } from '@wardkey/protocol/retention-classes'
import type { EndingClass, RetentionDays } from '@wardkey/protocol/retention-classes'
import { clockLeapMs } from '../../audit/retention/gone-check.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { standingHolds } from './find-holds.ts'
import { findLot } from './purge-lot.ts'
import { readPlace } from './retention-state.ts'

const dayMs = 86_400_000
/** One run takes no more of the past than this after the run before it. */
const moveMaxMs = 92 * dayMs
const lotsMax = 200

export interface RunPlan {
  /** A little later than the rule says, for a clock's error. */
  readonly dueMs: number
  /** Never far from the last run. */
  readonly beforeMs: number
}

/** Nothing where there is nothing that could be so old. */
export async function planRun(
  name: EndingClass,
  days: number,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<RunPlan | undefined> {
  const dueMs = nowMs() - days * dayMs - clockLeapMs
  const { beforeMs: lastMs } = await readPlace(db, name)
  const oldest = await db
    .selectFrom('fact')
    .select('at_ms')
    .orderBy('idx')
    .limit(1)
    .executeTakeFirst()
  const fromMs = lastMs ?? oldest?.at_ms
  if (fromMs === undefined) return undefined
  const beforeMs = Math.min(dueMs, fromMs + moveMaxMs)
  return beforeMs > 0 ? { dueMs, beforeMs } : undefined
}

export interface ClassPreview {
  readonly class: EndingClass
  readonly days: number
  readonly beforeMs: number
  readonly due: number
  readonly hasMore: boolean
  readonly nextBeforeMs: number
  readonly next: number
}

export async function previewRun(
  days: RetentionDays,
  needs: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<readonly ClassPreview[]> {
  const previews: ClassPreview[] = []
  for (const name of endingClasses) {
    const plan = await planRun(name, days[name], needs)
    if (plan) previews.push(await previewClass(name, days[name], plan, needs))
  }
  return previews
}

async function previewClass(
  name: EndingClass,
  days: number,
  { dueMs, beforeMs }: RunPlan,
  needs: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<ClassPreview> {
  const { db } = needs
  const holds = await standingHolds(db)
  const order = { class: name, beforeMs: dueMs, toIndex: Number.MAX_SAFE_INTEGER }
  let [from, due, next, hasMore] = [(await readPlace(db, name)).nextIndex, 0, 0, true]
  for (let lot = 0; hasMore && lot < lotsMax; lot++) {
    const found = await findLot(order, from, holds, needs)
    due += found.due.length
    next += found.due.filter(({ at_ms: atMs }) => atMs < beforeMs).length
    from = found.nextIndex
    hasMore = found.hasMore
    // Taps have their turn in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { class: name, days, beforeMs: dueMs, due, hasMore, nextBeforeMs: beforeMs, next }
}
