// Whose training, or time with the hospital, ends soon or has ended: for whoever reminds them.
// Reads only, a page of people at a time; names nobody.

import type { ExpiryShown } from '@wardkey/protocol/admin/modes'
import { parseAccessFacts } from '../identity/access-facts.ts'
import type { FlowNeeds } from './flow-needs.ts'

const dayMs = 24 * 3_600_000
const pageMax = 500
export const expiriesMax = 5000

/** The soonest first; what has ended is kept in sight for as long as what will. */
export async function findExpiring(
  days: number,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<{ readonly expiring: readonly ExpiryShown[]; readonly isCut: boolean }> {
  const now = nowMs()
  const found: ExpiryShown[] = []
  let after = ''
  for (;;) {
    const rows = await db
      .selectFrom('person')
      .select(['id', 'access'])
      .where('status', '<>', 'terminated')
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageMax)
      .execute()
    for (const { id, access } of rows) {
      after = id
      const { training, endsMs } = parseAccessFacts(access)
      const ends = Object.entries(training).map(([kind, atMs]) => ({ kind, atMs }))
      const all = [...ends, ...(endsMs === undefined ? [] : [{ kind: 'access', atMs: endsMs }])]
      for (const { kind, atMs } of all) {
        if (Math.abs(atMs - now) > days * dayMs) continue
        found.push({ personId: id, kind, atMs, due: dueOf(atMs - now) })
      }
    }
    if (rows.length < pageMax) break
    await new Promise((resolve) => setImmediate(resolve))
  }
  found.sort((a, b) => a.atMs - b.atMs || (a.personId < b.personId ? -1 : 1))
  return { expiring: found.slice(0, expiriesMax), isCut: found.length > expiriesMax }
}

/** The warnings that people know: thirty days, two weeks, one week. */
function dueOf(leftMs: number): ExpiryShown['due'] {
  if (leftMs <= 0) return 'over'
  if (leftMs <= 7 * dayMs) return '7-days'
  return leftMs <= 14 * dayMs ? '14-days' : leftMs <= 30 * dayMs ? '30-days' : 'later'
}
