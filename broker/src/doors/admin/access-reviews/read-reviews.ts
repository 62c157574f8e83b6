// Access reviews and their entries, read a page at a time: all to whoever runs reviews, and to a
// reviewer what she is asked about. Shows nothing.

import type { z } from 'zod'
import type { campaign } from '@wardkey/protocol/admin/access-reviews/campaigns'
import type { ItemsQuery } from '@wardkey/protocol/admin/access-reviews/entries'
import type { AdminCaller } from '../../../flows/admin-tokens.ts'
import type { CampaignRow, ItemRow } from '../../../flows/access-reviews/review-needs.ts'
import type { AdminNeeds } from '../admin-needs.ts'

type Needs = Pick<AdminNeeds, 'db'>

interface Page<Row> {
  readonly rows: readonly Row[]
  /** Of all pages together. */
  readonly count: number
  readonly next?: string
}

/** The newest first; none that has no entry for her. */
export async function readCampaigns(
  { after, limit }: z.output<typeof campaign.query>,
  { scopes, person }: AdminCaller,
  { db }: Needs,
): Promise<Page<CampaignRow>> {
  const hers = db
    .selectFrom('access_campaign')
    .where('state', '<>', 'gathering')
    .where((eb) => {
      const items = eb
        .selectFrom('access_item')
        .select('access_item.id')
        .whereRef('campaign_id', '=', 'access_campaign.id')
      const all = scopes.has('reviews:read')
      return eb.exists(all ? items : items.where('reviewer_id', '=', person ?? ''))
    })
  const all = hers.select((eb) => eb.fn.countAll().as('count'))
  const count = await counted(all.executeTakeFirst())
  let page = hers.selectAll().orderBy('opened_ms', 'desc').orderBy('id', 'desc').limit(limit)
  if (after !== undefined) {
    const dash = after.indexOf('-')
    const [openedMs, id] = [Number(after.slice(0, dash)), after.slice(dash + 1)]
    page = page.where((eb) =>
      eb.or([
        eb('opened_ms', '<', openedMs),
        eb.and([eb('opened_ms', '=', openedMs), eb('id', '<', id)]),
      ]),
    )
  }
  const rows = await page.execute()
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { rows, count, ...(last && { next: `${String(last.opened_ms)}-${last.id}` }) }
}

/** In the order of their ids, as the result has them. */
export async function readItems(
  row: CampaignRow,
  { after, limit, state, person }: ItemsQuery,
  caller: AdminCaller,
  needs: Needs,
): Promise<Page<ItemRow>> {
  let asked = hersOf(row, caller, needs)
  if (person !== undefined) asked = asked.where('person_id', '=', person)
  if (state === 'undecided') asked = asked.where('decision', 'is', null)
  else if (state === 'unassigned') asked = asked.where('reviewer_id', 'is', null)
  else if (state === 'silent') asked = asked.where('is_silence', '=', 1)
  else if (state !== undefined) asked = asked.where('decision', '=', state)
  const all = asked.select((eb) => eb.fn.countAll().as('count'))
  const count = await counted(all.executeTakeFirst())
  const rest = after === undefined ? asked : asked.where('id', '>', after)
  const rows = await rest.selectAll().orderBy('id').limit(limit).execute()
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { rows, count, ...(last && { next: last.id }) }
}

export async function findItem(
  row: CampaignRow,
  id: string,
  caller: AdminCaller,
  needs: Needs,
): Promise<ItemRow | undefined> {
  return hersOf(row, caller, needs).selectAll().where('id', '=', id).executeTakeFirst()
}

function hersOf({ id }: CampaignRow, { scopes, person }: AdminCaller, { db }: Needs) {
  const all = db.selectFrom('access_item').where('campaign_id', '=', id)
  return scopes.has('reviews:read') ? all : all.where('reviewer_id', '=', person ?? '')
}

/** Whoever taps meanwhile has a turn after it. */
async function counted(
  query: Promise<{ readonly count: number | string | bigint } | undefined>,
): Promise<number> {
  const row = await query
  await new Promise((resolve) => setImmediate(resolve))
  return Number(row?.count ?? 0)
}
