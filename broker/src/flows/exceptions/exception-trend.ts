// How many exceptions there are and how long they hold, week by week: a number that grows says that
// roles do not fit the work. Reads only; names nobody.

import type { ExceptionTrend } from '@wardkey/protocol/admin/exceptions/exception-trend'
import type { FlowNeeds } from '../flow-needs.ts'

const weekMs = 7 * 86_400_000
const rowsMax = 50_000

/** The newest week first, counted back from now. */
export async function exceptionTrend(
  weeks: number,
  needs: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<ExceptionTrend> {
  const nowMs = needs.nowMs()
  const fromMs = nowMs - weeks * weekMs
  const rows = await needs.db
    .selectFrom('access_exception')
    .select(['proposed_ms', 'outcome', 'decided_ms', 'until_ms', 'ended_ms', 'ended_by'])
    .where((eb) => eb.or([eb('ended_ms', 'is', null), eb('ended_ms', '>', fromMs)]))
    .limit(rowsMax)
    .execute()
  const held = rows
    .filter(({ outcome }) => outcome === 'approved')
    .map((row) => ({
      fromMs: row.decided_ms ?? 0,
      untilMs: Math.min(row.ended_ms ?? Number.MAX_SAFE_INTEGER, row.until_ms ?? 0),
      isByHand: row.ended_ms !== null && row.ended_by !== 'time',
    }))
  const standing = held.filter(({ untilMs }) => untilMs > nowMs)
  return {
    standing: standing.length,
    longestMs: Math.max(0, ...standing.map((one) => nowMs - one.fromMs)),
    weeks: Array.from({ length: weeks }, (_none, back) => {
      const until = nowMs - back * weekMs
      const isIn = (ms: number | null): boolean => ms !== null && ms > until - weekMs && ms <= until
      const over = held.filter(({ untilMs }) => isIn(untilMs))
      return {
        fromMs: until - weekMs,
        proposed: rows.filter((row) => isIn(row.proposed_ms)).length,
        approved: held.filter((one) => isIn(one.fromMs)).length,
        ended: over.length,
        endedByHand: over.filter(({ isByHand }) => isByHand).length,
        medianHeldMs: middle(over.map((one) => one.untilMs - one.fromMs)),
      }
    }),
  }
}

/** What graphs show; counted once a minute, never when somebody scrapes. */
export async function countExceptions(needs: Pick<FlowNeeds, 'db' | 'nowMs'>) {
  const { standing, longestMs } = await exceptionTrend(0, needs)
  return { standing, longestMs }
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
