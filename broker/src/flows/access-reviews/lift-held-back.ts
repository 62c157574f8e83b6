// What a review held back may come again: HR and whoever runs reviews agree that it was wrong. The
// role itself comes with HR's next word, or with the next sign-in.

import { newFact } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isHers } from './find-reviewers.ts'
import { refuseReview } from './review-needs.ts'
import type { ReviewNeeds } from './review-needs.ts'

export async function liftHeldBack(
  { id, by }: { readonly id: string; readonly by: string },
  needs: ReviewNeeds,
): Promise<Recorded<{ readonly kind: 'lifted' } | AdminRefused>> {
  const { db } = needs
  const row = await db.selectFrom('held_back').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return refuseReview('access-item-unknown', { by, item: id }, needs)
  if (isHers(row.person_id, by, await tokenAskers(needs))) {
    return refuseReview('access-item-own', { by, item: id }, needs)
  }
  const fields = { by, kind: row.kind, what: row.what, because: 'lifted' }
  const query = db.deleteFrom('held_back').where('id', '=', id).compile()
  return {
    answer: { kind: 'lifted' },
    facts: [newFact(needs, 'ACR-009', { person: row.person_id, fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}
