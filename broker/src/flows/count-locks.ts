// Adds up locks, and those that people said were wrong, by zone and reason: what a zone's limits
// are tuned by. Counts nothing about a person, a workstation or a session.

import type { Kysely } from 'kysely'
import type { Fact } from '../audit/fact.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'

export interface CountLocksNeeds {
  readonly db: Kysely<Schema>
  readonly onLock: (zone: string, reason: string) => void
  readonly onSaidWrong: (zone: string, reason: string) => void
}

const placing = prepared<{ id: string }>()((db, hole) =>
  db.selectFrom('workstation').select('zone_id').where('id', '=', hole('id')),
)

/** Call it with facts that are durable. Reasons are our own words, so there are few. */
export function makeCountLocks(needs: CountLocksNeeds) {
  const counting = { 'SES-003': needs.onLock, 'SES-007': needs.onSaidWrong } as const
  return async (facts: readonly Fact[]): Promise<void> => {
    for (const { code, workstation, fields } of facts) {
      if (code !== 'SES-003' && code !== 'SES-007') continue
      if (workstation === undefined) continue
      const query = placing(needs.db, { id: workstation })
      const zone = (await needs.db.executeQuery(query)).rows[0]?.zone_id
      if (zone !== undefined) counting[code](zone, String(fields?.['reason'] ?? 'none'))
    }
  }
}
