// How many entries of reviews that run nobody has decided: of all, or what one reviewer is asked.
// A number, and nothing of whom it is about.

import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'

export async function countUndecided(
  db: Kysely<Schema>,
  whose: 'of all' | { readonly reviewer: string | undefined },
): Promise<number> {
  const undecided = db
    .selectFrom('access_item')
    .innerJoin('access_campaign', 'access_campaign.id', 'access_item.campaign_id')
    .where('access_item.decision', 'is', null)
    .where('access_campaign.state', 'in', ['open', 'waits-for-two'])
  const asked =
    whose === 'of all' ? undecided : undecided.where('reviewer_id', '=', whose.reviewer ?? '')
  const row = await asked.select((eb) => eb.fn.countAll().as('count')).executeTakeFirst()
  return Number(row?.count ?? 0)
}
