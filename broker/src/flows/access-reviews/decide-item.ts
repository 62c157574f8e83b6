// A reviewer certifies or revokes one entry, or silence does: decided once, never by the person it
// is about, and what is revoked is gone in the same act.

import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import { newFact } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isHers } from './find-reviewers.ts'
import { findCampaign, refuseReview } from './review-needs.ts'
import type { ItemRow, ReviewNeeds } from './review-needs.ts'
import { takeAway } from './take-away.ts'
import type { Taken } from './take-away.ts'

export interface Deciding {
  readonly campaignId: string
  readonly itemId: string
  readonly decision: 'certified' | 'revoked'
  readonly reason: string
  readonly by: string
  /** Who she is, where she is signed in; a token is nobody's reviewer. */
  readonly person?: string | undefined
  /** May decide what others are asked about. */
  readonly isForAll: boolean
}

type Outcome = NonNullable<ItemRow['outcome']>
export type Decided = { readonly kind: 'decided'; readonly outcome: Outcome } | AdminRefused

export async function decideItem(
  deciding: Deciding,
  needs: ReviewNeeds,
): Promise<Recorded<Decided>> {
  const { by, campaignId: campaign, itemId } = deciding
  const no = (code: AdminRefusalCode) => refuseReview(code, { by, campaign, item: itemId }, needs)
  const row = await findCampaign(needs.db, campaign)
  if (!row) return no('campaign-unknown')
  const item = await findItem(campaign, itemId, needs)
  const isAsked = item && (deciding.isForAll || item.reviewer_id === (deciding.person ?? ''))
  if (!item || !isAsked) return no('access-item-unknown')
  if (isHers(item.person_id, by, await tokenAskers(needs))) return no('access-item-own')
  if (row.state === 'closed') return no('campaign-over')
  if (item.decision !== null) return no('access-item-decided')
  return decided(item, { ...deciding, isSilence: false }, needs)
}

export async function findItem(campaign: string, id: string, { db }: ReviewNeeds) {
  return db
    .selectFrom('access_item')
    .selectAll()
    .where('campaign_id', '=', campaign)
    .where('id', '=', id)
    .executeTakeFirst()
}

export interface Word {
  readonly decision: NonNullable<ItemRow['decision']>
  readonly reason: string
  readonly by: string
  readonly isSilence: boolean
}

const codes = { certified: 'ACR-002', revoked: 'ACR-003', told: 'ACR-005' } as const
const kept: Taken = { outcome: 'kept', facts: [], writes: [], notices: [] }

/** The reason stays in its row: the record has who, what and when, and no words about anybody. */
export async function decided(
  item: ItemRow,
  { decision, reason, by, isSilence }: Word,
  needs: ReviewNeeds,
): Promise<Recorded<Decided>> {
  const { outcome, ...act } = decision === 'revoked' ? await takeAway(item, by, needs) : kept
  const fields = {
    ...{ by, campaign: item.campaign_id, item: item.id, kind: item.kind, outcome, isSilence },
    // A token's hash is what its holder is found by: the record needs no copy.
    ...(item.kind === 'token' ? {} : { what: item.what }),
  }
  const about = { ...(item.person_id === null ? {} : { person: item.person_id }), fields }
  const query = needs.db
    .updateTable('access_item')
    .set({ decision, reason, outcome, decided_by: by, decided_ms: needs.nowMs() })
    .set({ is_silence: isSilence ? 1 : 0 })
    .where('id', '=', item.id)
    .where('decision', 'is', null)
    .compile()
  return {
    answer: { kind: 'decided', outcome },
    facts: [newFact(needs, codes[decision], about), ...act.facts],
    writes: [...act.writes, { query, expectRows: 1 }],
    notices: act.notices,
  }
}
