// What access reviews lean on, their rows, and how a no about one is said.

import type { Kysely, Selectable } from 'kysely'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { ReviewerSetting } from '../../platform/settings-schemas.ts'
import type { Schema } from '../../store/schema.ts'
import type { ExceptionNeeds } from '../exceptions/exception-rows.ts'
import { newFact } from '../flow-needs.ts'
import type { AdminRefused, PersonFlowNeeds } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'

/** As settings have it. */
export interface AccessReviewRules {
  readonly isScheduled: boolean
  readonly highRiskRoles: readonly string[]
  readonly days: number
  readonly onSilence: 'revoke' | 'tell'
  readonly twoPeopleAbove: number
  readonly reviewers: readonly ReviewerSetting[]
}

export interface ReviewNeeds extends PersonFlowNeeds, ExceptionNeeds {
  readonly hrKey: Uint8Array
  readonly accessReviews: AccessReviewRules
}

const itemsAtOnce = 500

export type CampaignRow = Selectable<Schema['access_campaign']>
export type ItemRow = Selectable<Schema['access_item']>

/** Nothing while its entries are being written. */
export async function findCampaign(
  db: Kysely<Schema>,
  id: string,
): Promise<CampaignRow | undefined> {
  return db
    .selectFrom('access_campaign')
    .selectAll()
    .where('id', '=', id)
    .where('state', '<>', 'gathering')
    .executeTakeFirst()
}

/** A page at a time: whoever taps meanwhile does not wait for those of a whole hospital. */
export async function itemsOf(db: Kysely<Schema>, campaign: string): Promise<readonly ItemRow[]> {
  const items: ItemRow[] = []
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('access_item')
      .selectAll()
      .where('campaign_id', '=', campaign)
      .where('id', '>', after)
      .orderBy('id')
      .limit(itemsAtOnce)
      .execute()
    items.push(...rows)
    const last = rows.at(-1)
    if (rows.length < itemsAtOnce || !last) return items
    after = last.id
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Conflicts where somebody changed it meanwhile. */
export function changeCampaign(db: Kysely<Schema>, was: CampaignRow, change: Partial<CampaignRow>) {
  const query = db
    .updateTable('access_campaign')
    .set({ ...change, version: was.version + 1 })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .compile()
  return { query, expectRows: 1 }
}

export function refuseReview(
  code: AdminRefusalCode,
  about: { readonly by: string; readonly campaign?: string; readonly item?: string },
  needs: ReviewNeeds,
): Recorded<AdminRefused> {
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'ACR-101', { rule: code, fields: { ...about } })],
    writes: [],
    notices: [],
  }
}
