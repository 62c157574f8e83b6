// An access review begins: its entries are gathered and written first, and then it is there, all of
// it or nothing. A preview says beforehand what it holds, and what silence would take.

import type { CampaignPreview } from '@wardkey/protocol/admin/access-reviews/campaigns'
import type { Store } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { Flow, Perform } from '../perform.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { gatherItems } from './gather-items.ts'
import type { Gathered, Scope } from './gather-items.ts'
import type { CampaignRow, ReviewNeeds } from './review-needs.ts'
import { refuseReview } from './review-needs.ts'
import { weighSilence } from './weigh-silence.ts'

export interface Opening extends Scope {
  readonly by: string
  readonly kind: CampaignRow['kind']
  readonly period?: string
  readonly days?: number | undefined
}

export interface OpeningNeeds extends ReviewNeeds {
  readonly store: Store
  readonly perform: Perform
}

export type Opened = { readonly kind: 'opened'; readonly id: string } | AdminRefused

const dayMs = 86_400_000
const rowsAtOnce = 50

export async function previewCampaign(scope: Scope, needs: ReviewNeeds): Promise<CampaignPreview> {
  const items = await gatherItems(scope, needs)
  const { onSilence } = needs.accessReviews
  const { wouldGo, units, needsTwo } = weighSilence(items, items, needs.accessReviews)
  const reviewers = items.flatMap(({ reviewer_id: id }) => id ?? [])
  const takes = onSilence === 'revoke'
  // A token may be nobody's.
  const people = items.flatMap(({ person_id: id }) => id ?? [])
  return {
    ...{ items: items.length, people: new Set(people).size },
    ...{ reviewers: new Set(reviewers).size, unassigned: items.length - reviewers.length },
    ...{ onSilence, wouldGo: takes ? wouldGo : 0, needsTwo: takes && needsTwo },
    units: [...units],
  }
}

export async function openCampaign(opening: Opening, needs: OpeningNeeds): Promise<Opened> {
  return (await needs.perform(openingOf(opening, needs))).answer
}

/**
 * A flow that gathers once, however often it is run. Of two that open the same period, or under one
 * key, one is there: what the other gathered is dropped later.
 */
export function openingOf(opening: Opening, needs: OpeningNeeds): Flow<Opened> {
  let gathered: Promise<() => Recorded<Opened>> | undefined
  return async () => (await (gathered ??= gather(opening, needs)))()
}

async function gather(opening: Opening, needs: OpeningNeeds): Promise<() => Recorded<Opened>> {
  const items = await gatherItems(opening, needs)
  if (items.length === 0) return () => refuseReview('campaign-empty', { by: opening.by }, needs)
  const row = rowOf(opening, needs)
  const { db, store } = needs
  const insert = db.insertInto('access_campaign').values(row).compile()
  const made = await store.commit({
    kind: 'housekeeping',
    writes: [{ query: insert, expectRows: 1 }],
  })
  if (made.kind === 'conflict') {
    return () => refuseReview('campaign-over', { by: opening.by }, needs)
  }
  for (let at = 0; at < items.length; at += rowsAtOnce) {
    const some = items.slice(at, at + rowsAtOnce).map((item) => itemRowOf(item, row.id, needs))
    const query = db.insertInto('access_item').values(some).compile()
    await store.commit({ kind: 'housekeeping', writes: [{ query }] })
  }
  return () => shownNow(row, items.length, needs)
}

function rowOf(
  opening: Opening,
  { newId, nowMs, accessReviews: rules }: OpeningNeeds,
): CampaignRow {
  const atMs = nowMs()
  return {
    ...{ id: newId(), kind: opening.kind, period: opening.period ?? null, state: 'gathering' },
    ...{ high_risk_only: opening.isHighRiskOnly ? 1 : 0, department: opening.department ?? null },
    ...{ opened_ms: atMs, opened_by: opening.by, on_silence: rules.onSilence },
    due_ms: atMs + (opening.days ?? rules.days) * dayMs,
    ...{ first_word: null, first_by: null, first_ms: null, second_by: null },
    ...{ closed_ms: null, sha256: null, version: 1 },
  }
}

function shownNow(row: CampaignRow, count: number, needs: OpeningNeeds): Recorded<Opened> {
  const { id, kind, opened_by: by, due_ms: dueMs } = row
  const query = needs.db
    .updateTable('access_campaign')
    .set({ state: 'open' })
    .where('id', '=', id)
    .where('state', '=', 'gathering')
    .compile()
  const fields = { by, campaign: id, kind, items: count, dueMs, onSilence: row.on_silence }
  return {
    answer: { kind: 'opened', id },
    facts: [newFact(needs, 'ACR-001', { fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

function itemRowOf(item: Gathered, campaign: string, { newId }: ReviewNeeds) {
  return {
    ...item,
    ...{ id: newId(), campaign_id: campaign, evidence: JSON.stringify(item.evidence) },
    ...{ reminded_ms: null, decision: null, decided_ms: null, decided_by: null, reason: null },
    ...{ is_silence: 0, outcome: null },
  }
}

/** What a broker left behind that ended in the middle of it; after an hour nobody is at it. */
export async function dropHalfMade({ store, db, nowMs }: OpeningNeeds): Promise<void> {
  const rows = await db
    .selectFrom('access_campaign')
    .select('id')
    .where('state', '=', 'gathering')
    .where('opened_ms', '<', nowMs() - 3_600_000)
    .execute()
  for (const { id } of rows) {
    const items = db.deleteFrom('access_item').where('campaign_id', '=', id).compile()
    const campaign = db.deleteFrom('access_campaign').where('id', '=', id).compile()
    await store.commit({ kind: 'housekeeping', writes: [{ query: items }, { query: campaign }] })
  }
}
