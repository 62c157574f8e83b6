// What time brings about in access reviews: they are opened by the calendar, reviewers are
// reminded, silence takes or tells, and a review that is all decided closes with a signed result.

import { createHash } from 'node:crypto'
import type { FactValue } from '../../audit/fact.ts'
import { newFact } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { decided, findItem } from './decide-item.ts'
import { dropHalfMade, openCampaign } from './open-campaign.ts'
import type { OpeningNeeds } from './open-campaign.ts'
import { changeCampaign, findCampaign, itemsOf, refuseReview } from './review-needs.ts'
import type { CampaignRow, ItemRow } from './review-needs.ts'
import { resultLines } from './result-lines.ts'
import { weighSilence } from './weigh-silence.ts'

const dayMs = 86_400_000
/** Nobody loses anything in silence who was not reminded at least so long before. */
export const remindedAheadMs = 2 * dayMs
/** In one round; the rest is for the next. */
const takenMax = 100

export async function runCampaigns(needs: OpeningNeeds): Promise<void> {
  await dropHalfMade(needs)
  if (needs.accessReviews.isScheduled) await openDue(needs)
  const rows = await needs.db
    .selectFrom('access_campaign')
    .selectAll()
    .where('state', 'in', ['open', 'waits-for-two'])
    .execute()
  for (const row of rows) await runOne(row, needs)
}

/** In the month in which a quarter begins, the whole review has the high-risk roles in it. */
async function openDue(needs: OpeningNeeds): Promise<void> {
  const now = new Date(needs.nowMs())
  const month = now.getUTCMonth()
  const year = String(now.getUTCFullYear())
  const isQuarter = month % 3 === 0
  if (!isQuarter && needs.accessReviews.highRiskRoles.length === 0) return
  const period = isQuarter
    ? `${year}-Q${String(month / 3 + 1)}`
    : `${year}-${String(month + 1).padStart(2, '0')}`
  const known = await needs.db
    .selectFrom('access_campaign')
    .select('id')
    .where('period', '=', period)
    .executeTakeFirst()
  if (known) return
  const kind = isQuarter ? 'quarterly' : 'monthly'
  await openCampaign({ by: 'schedule', kind, period, isHighRiskOnly: !isQuarter }, needs)
}

async function runOne(row: CampaignRow, needs: OpeningNeeds): Promise<void> {
  const items = await itemsOf(needs.db, row.id)
  const open = items.filter(({ decision }) => decision === null)
  const nowMs = needs.nowMs()
  if (open.length === 0) {
    await needs.perform(() => closed(row.id, needs))
    return
  }
  if (nowMs >= row.due_ms - remindAheadOf(row)) await remind(row, open, needs)
  if (nowMs < row.due_ms) return
  const isAgreed = row.second_by !== null
  const word = isAgreed ? (row.first_word ?? 'tell') : row.on_silence
  const { needsTwo } = weighSilence(items, open, needs.accessReviews)
  if (word === 'revoke' && needsTwo && !isAgreed) {
    if (row.state === 'open') await needs.perform(() => waits(row.id, open.length, needs))
    return
  }
  // A broker that was away reminds late: then the end is as late.
  const isLate = open.some((item) => item.reviewer_id !== null && !wasReminded(item, nowMs))
  if (word === 'revoke' && isLate) return
  for (const { id } of open.slice(0, takenMax)) {
    await needs.perform(() => silence(row, id, word, needs))
  }
}

/** At half of the time, and two days at least before the end. */
const remindAheadOf = ({ opened_ms: openedMs, due_ms: dueMs }: CampaignRow): number =>
  Math.max(remindedAheadMs, (dueMs - openedMs) / 2)

/** Once for each reviewer; what was not told is told with the next round. */
async function remind(
  row: CampaignRow,
  open: readonly ItemRow[],
  needs: OpeningNeeds,
): Promise<void> {
  const asked = new Map<string, number>()
  for (const { reviewer_id: id, reminded_ms: told } of open) {
    if (id !== null && told === null) asked.set(id, (asked.get(id) ?? 0) + 1)
  }
  for (const [reviewer, count] of asked) {
    const query = needs.db
      .updateTable('access_item')
      .set({ reminded_ms: needs.nowMs() })
      .where('campaign_id', '=', row.id)
      .where('reviewer_id', '=', reviewer)
      .where('reminded_ms', 'is', null)
      .compile()
    const fields = { campaign: row.id, items: count, dueMs: row.due_ms }
    const reminded = {
      answer: undefined,
      facts: [newFact(needs, 'ACR-004', { person: reviewer, fields })] as const,
      writes: [{ query }],
      notices: [],
    }
    await needs.perform(() => Promise.resolve(reminded))
  }
}

const wasReminded = ({ reminded_ms: toldMs }: ItemRow, nowMs: number): boolean =>
  toldMs !== null && nowMs - toldMs >= remindedAheadMs

/** What nobody was asked about, or reminded of in time, is told and left. */
async function silence(
  row: CampaignRow,
  id: string,
  word: 'revoke' | 'tell',
  needs: OpeningNeeds,
): Promise<Recorded<unknown>> {
  const item = await findItem(row.id, id, needs)
  const by = `access-review ${row.id}`
  if (item?.decision !== null) return refuseReview('access-item-decided', { by, item: id }, needs)
  const isAsked = item.reviewer_id !== null && wasReminded(item, needs.nowMs())
  const takes = word === 'revoke' && isAsked
  const decision = takes ? 'revoked' : 'told'
  return decided(item, { decision, reason: 'silence', by, isSilence: true }, needs)
}

async function waits(id: string, items: number, needs: OpeningNeeds): Promise<Recorded<unknown>> {
  const row = await findCampaign(needs.db, id)
  if (row?.state !== 'open') {
    return refuseReview('campaign-over', { by: 'time', campaign: id }, needs)
  }
  return {
    answer: undefined,
    facts: [newFact(needs, 'ACR-007', { fields: { campaign: id, items } })],
    writes: [changeCampaign(needs.db, row, { state: 'waits-for-two' })],
    notices: [],
  }
}

async function closed(id: string, needs: OpeningNeeds): Promise<Recorded<unknown>> {
  const row = await findCampaign(needs.db, id)
  if (!row || row.state === 'closed') {
    return refuseReview('campaign-over', { by: 'time', campaign: id }, needs)
  }
  const items = await itemsOf(needs.db, id)
  const sha256 = createHash('sha256').update(resultLines(items).join('\n')).digest('hex')
  const count = (of: ItemRow['decision']): number =>
    items.filter(({ decision }) => decision === of).length
  const fields: Record<string, FactValue> = {
    ...{ campaign: id, items: items.length, sha256 },
    ...{ certified: count('certified'), revoked: count('revoked'), told: count('told') },
  }
  const change = { state: 'closed', closed_ms: needs.nowMs(), sha256 } as const
  return {
    answer: undefined,
    facts: [newFact(needs, 'ACR-006', { fields })],
    writes: [changeCampaign(needs.db, row, change)],
    notices: [],
  }
}
