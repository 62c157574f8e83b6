// Access reviews as they are shown: with the names of people who are not forgotten, and to a
// reviewer her own entries alone.

import type { CampaignShown } from '@wardkey/protocol/admin/access-reviews/campaigns'
import { itemEvidence } from '@wardkey/protocol/admin/access-reviews/entries'
import type { ReviewItem } from '@wardkey/protocol/admin/access-reviews/entries'
import type { CampaignResult, HeldBack } from '@wardkey/protocol/admin/access-reviews/outcome'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { writeProof } from '../../../audit/proofs/tlog-proof.ts'
import type { AdminCaller } from '../../../flows/admin-tokens.ts'
import { itemsOf } from '../../../flows/access-reviews/review-needs.ts'
import type { CampaignRow, ItemRow } from '../../../flows/access-reviews/review-needs.ts'
import { resultLines } from '../../../flows/access-reviews/result-lines.ts'
import { factsSince } from '../../../flows/tap-facts.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { namesOf } from '../house/names-of.ts'

/** Brokers of one record, by their clocks; and what is written in that time. */
const clocksDifferMs = 5000
const factsMax = 50_000
const itemsAtOnce = 200

type Named = Awaited<ReturnType<typeof namesOf>>

type Counts = Pick<
  CampaignShown,
  'items' | 'decided' | 'certified' | 'revoked' | 'silent' | 'unassigned'
>

export function countsOf(items: readonly ItemRow[]): Counts {
  const count = (fits: (item: ItemRow) => boolean): number => items.filter(fits).length
  return {
    items: items.length,
    decided: count(({ decision }) => decision !== null),
    certified: count(({ decision }) => decision === 'certified'),
    revoked: count(({ decision }) => decision === 'revoked'),
    silent: count(({ is_silence: silent }) => silent === 1),
    unassigned: count(({ reviewer_id: id }) => id === null),
  }
}

/** As `countsOf` of what she may see, counted where they are: a list of reviews is many entries. */
export async function readCounts(
  { id }: CampaignRow,
  { scopes, person }: AdminCaller,
  { db }: Pick<AdminNeeds, 'db'>,
): Promise<Counts> {
  const all = db.selectFrom('access_item').where('campaign_id', '=', id)
  const hers = scopes.has('reviews:read') ? all : all.where('reviewer_id', '=', person ?? '')
  const rows = await hers
    .select(['decision', 'is_silence', (eb) => eb('reviewer_id', 'is', null).as('isNobodys')])
    .select((eb) => eb.fn.countAll().as('count'))
    .groupBy(['decision', 'is_silence', (eb) => eb('reviewer_id', 'is', null)])
    .execute()
  // The next one has its turn after whoever taps.
  await new Promise((resolve) => setImmediate(resolve))
  const count = (fits: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(fits).reduce((sum, row) => sum + Number(row.count), 0)
  return {
    items: count(() => true),
    decided: count(({ decision }) => decision !== null),
    certified: count(({ decision }) => decision === 'certified'),
    revoked: count(({ decision }) => decision === 'revoked'),
    silent: count(({ is_silence: silent }) => silent === 1),
    unassigned: count(({ isNobodys }) => Boolean(isNobodys)),
  }
}

export function shownCampaign(row: CampaignRow, counts: Counts): CampaignShown {
  return {
    ...{ id: row.id, kind: row.kind, state: row.state === 'gathering' ? 'open' : row.state },
    isHighRiskOnly: row.high_risk_only === 1,
    ...(row.department === null ? {} : { department: row.department }),
    opened: { by: row.opened_by, atMs: row.opened_ms },
    ...{ dueMs: row.due_ms, onSilence: row.on_silence, ...counts },
    ...(row.first_by === null || row.first_ms === null
      ? {}
      : { silenceFirst: { by: row.first_by, atMs: row.first_ms } }),
    ...(row.closed_ms === null
      ? {}
      : { closed: { atMs: row.closed_ms, sha256: row.sha256 ?? '' } }),
  }
}

export async function shownItems(
  items: readonly ItemRow[],
  needs: AdminNeeds,
): Promise<readonly ReviewItem[]> {
  const ids = items.flatMap((item) => [item.person_id ?? [], item.reviewer_id ?? []].flat())
  const names = await namesOf(
    [...new Set(ids)].map((id) => personId.parse(id)),
    needs,
  )
  const shown: ReviewItem[] = []
  for (const [at, item] of items.entries()) {
    shown.push(shownItem(item, names))
    // Taps have their turn: of a whole hospital it is tens of thousands.
    if (at % itemsAtOnce === itemsAtOnce - 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return shown
}

function shownItem(item: ItemRow, names: Named): ReviewItem {
  const { decided_ms: atMs, decided_by: by } = item
  const person = namedBy(item.person_id, names)
  const reviewer = namedBy(item.reviewer_id, names)
  return {
    id: item.id,
    ...(person ? { person } : {}),
    ...(item.department === null ? {} : { department: item.department }),
    ...(reviewer ? { reviewer } : {}),
    ...{ kind: item.kind, what: item.what, isHighRisk: item.is_high_risk === 1 },
    evidence: itemEvidence.parse(JSON.parse(item.evidence)),
    ...(item.decision === null ? {} : { decision: item.decision }),
    ...(atMs === null || by === null
      ? {}
      : { decided: { by, atMs, reason: item.reason ?? '', isSilence: item.is_silence === 1 } }),
    ...(item.outcome === null ? {} : { outcome: item.outcome }),
  }
}

function namedBy(id: string | null, names: Named) {
  if (id === null) return undefined
  const person: PersonId = personId.parse(id)
  return names.get(person) ?? { personId: person }
}

/** With the proof of the completion, once a checkpoint has it. */
export async function shownResult(row: CampaignRow, needs: AdminNeeds): Promise<CampaignResult> {
  const items = await itemsOf(needs.db, row.id)
  const proof = await proofOf(row, needs)
  return {
    campaign: shownCampaign(row, countsOf(items)),
    lines: [...resultLines(items)],
    sha256: row.sha256 ?? '',
    ...(proof ? { proof } : {}),
  }
}

async function proofOf({ id, closed_ms: closedMs }: CampaignRow, { db, prove }: AdminNeeds) {
  if (closedMs === null) return undefined
  for await (const rows of factsSince(db, closedMs - clocksDifferMs, factsMax)) {
    const fact = rows.find(({ code, body }) => code === 'ACR-006' && holds(body, id))
    if (!fact) continue
    const proved = await prove.fact(fact.idx)
    if (proved.kind !== 'proved') return undefined
    return { index: fact.idx, text: writeProof(proved.proof) }
  }
  return undefined
}

const holds = (body: Uint8Array, text: string): boolean => Buffer.from(body).includes(text)

export async function shownTasks(needs: AdminNeeds): Promise<readonly HeldBack[]> {
  const rows = await needs.db
    .selectFrom('held_back')
    .selectAll()
    .orderBy('since_ms')
    .limit(2000)
    .execute()
  const ids = [...new Set(rows.map((row) => personId.parse(row.person_id)))]
  const names = await namesOf(ids, needs)
  return rows.map((row) => ({
    ...{ id: row.id, kind: row.kind, what: row.what, sinceMs: row.since_ms, by: row.by },
    person: namedBy(row.person_id, names) ?? { personId: personId.parse(row.person_id) },
  }))
}
