// Emergency accesses as they are shown to whoever reviews them: with names and notes, opened by the
// people's own keys, and without what was forgotten.

import { z } from 'zod'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { GrantShown, GrantSummary, PatternsShown } from '@wardkey/protocol/admin/break-glass'
import { isGivenOffline, nameOfPerson, placeOfGrant } from '../../flows/told-grant.ts'
import { patternsOf } from '../../policy/grant-patterns.ts'
import { findGrant, grantsSince, listGrants } from '../../sessions/emergency-grant.ts'
import type { Grant } from '../../sessions/emergency-grant.ts'
import { openNote, openReview } from '../../sessions/grant-note.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { namesOf } from './house/names-of.ts'
import type { ShowNeeds } from './show-people.ts'

const dayMs = 24 * 3_600_000
const reviewText = z.object({ note: z.string(), reviewer: personId.optional() })

export async function showGrants(
  page: { readonly isOpen: boolean; readonly limit: number },
  needs: Pick<AdminNeeds, 'db' | 'nowMs' | 'personKeys'>,
): Promise<readonly GrantSummary[]> {
  const grants = await listGrants(needs.db, page)
  // Together, however many: one question each would be a thousand for a page.
  const names = await namesOf([...new Set(grants.map((one) => one.personId))], needs)
  const rows = await needs.db.selectFrom('workstation').select(['id', 'place']).execute()
  const places = new Map(rows.map(({ id, place }) => [id, place]))
  return grants.map((grant) => {
    const place = places.get(grant.workstationId) ?? grant.workstationId
    return summaryOf(grant, { place, name: names.get(grant.personId)?.name }, needs)
  })
}

export async function showGrant(id: string, needs: ShowNeeds): Promise<GrantShown | undefined> {
  const grant = await findGrant(needs.db, id)
  if (!grant) return undefined
  const key = await needs.personKeys.find(grant.personId)
  const { noteSealed, tookMs, position, of } = grant
  const { place } = await placeOfGrant(grant, needs)
  const name = await nameOfPerson(grant.personId, needs)
  return {
    ...summaryOf(grant, { place, name }, needs),
    sessionId: sessionId.parse(grant.sessionId),
    isOffline: await isGivenOffline(grant, needs),
    identity: grant.identity,
    ...(await witnessOf(grant, needs)),
    otherwise: grant.otherwise,
    ...(key && noteSealed ? { note: openNote(noteSealed, key, grant.id) } : {}),
    ...(grant.endReason === null ? {} : { endReason: grant.endReason }),
    choice: { tookMs, position, of },
    ...reviewOf(grant, key),
  }
}

export async function showPatterns(days: number, needs: ShowNeeds): Promise<PatternsShown> {
  return { days, ...patternsOf(await grantsSince(needs.db, needs.nowMs() - days * dayMs)) }
}

function summaryOf(
  grant: Grant,
  { place, name }: { readonly place: string; readonly name: GrantSummary['name'] },
  { nowMs }: Pick<ShowNeeds, 'nowMs'>,
): GrantSummary {
  const { fromMs, untilMs, endedMs, reviewDueMs, outcome } = grant
  return {
    grantId: grant.id,
    personId: grant.personId,
    ...(name === undefined ? {} : { name }),
    workstationId: workstationId.parse(grant.workstationId),
    place,
    ...{ zoneId: grant.zoneId, reason: grant.reason, reasonLabel: grant.reasonLabel },
    ...{ fromMs, untilMs, reviewDueMs },
    ...(endedMs === null ? {} : { endedMs }),
    isOverdue: outcome === null && reviewDueMs < nowMs(),
    ...(outcome === null ? {} : { outcome }),
  }
}

async function witnessOf({ witnessId }: Grant, needs: ShowNeeds): Promise<Partial<GrantShown>> {
  if (witnessId === null) return {}
  const name = await nameOfPerson(witnessId, needs)
  return { witness: { personId: witnessId, ...(name === undefined ? {} : { name }) } }
}

function reviewOf(grant: Grant, key: Buffer | undefined): Partial<GrantShown> {
  const { outcome, reviewedBy: by, reviewedMs: atMs, reviewSealed } = grant
  if (outcome === null || by === null || atMs === null) return {}
  const text = key && reviewSealed ? openReview(reviewSealed, key, grant.id) : undefined
  const told = text === undefined ? {} : reviewText.parse(JSON.parse(text))
  return { review: { outcome, by, atMs, ...told } }
}
