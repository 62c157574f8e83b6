// Decisions that workstations made by themselves and that would have gone otherwise: what there is
// to look at, and the end of looking. Whoever closes one says what came of it.

import type { OfflineReviewClosure, OfflineReviewsQuery } from '@wardkey/protocol/admin/offline'
import { seal, unseal } from '../platform/seal.ts'
import type { Schema } from '../store/schema.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { byPerson } from './own-record.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { tokenAskers } from './token-grants/token-askers.ts'
import { isOneHand } from './two-people.ts'

export interface OfflineReviews {
  readonly rows: readonly OfflineReview[]
  readonly next: string | undefined
}
export type OfflineReview = Schema['offline_review'] & { readonly place: string | null }

/** The oldest first: what has waited longest. */
export async function listOfflineReviews(
  { state, after, limit }: OfflineReviewsQuery,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<OfflineReviews> {
  let query = reviews(db).orderBy('opened_ms').orderBy('offline_review.id').limit(limit)
  if (state === 'open') query = query.where('closed_ms', 'is', null)
  if (state === 'closed') query = query.where('closed_ms', 'is not', null)
  if (after !== undefined) {
    const dash = after.indexOf('-')
    const [openedMs, id] = [Number(after.slice(0, dash)), after.slice(dash + 1)]
    query = query.where((eb) =>
      eb.or([
        eb('opened_ms', '>', openedMs),
        eb.and([eb('opened_ms', '=', openedMs), eb('offline_review.id', '>', id)]),
      ]),
    )
  }
  const rows = await query.execute()
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { rows, next: last && `${String(last.opened_ms)}-${last.id}` }
}

export async function findOfflineReview(
  id: string,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<OfflineReview | undefined> {
  return reviews(db).where('offline_review.id', '=', id).executeTakeFirst()
}

export interface CloseReview extends OfflineReviewClosure, Actor {
  readonly reviewId: string
}

/**
 * Once: of two at the same time the second is told that it was closed. Never one's own: a token that
 * is named after a person is hers, and so is one that she took out.
 */
export async function closeOfflineReview(
  { reviewId, outcome, note, by }: CloseReview,
  needs: PersonFlowNeeds,
): Promise<Recorded<{ readonly kind: 'closed' } | AdminRefused>> {
  const { db } = needs
  const review = await findOfflineReview(reviewId, needs)
  const isOwn = typeof review?.person_id === 'string' && (await isHers(review.person_id, by, needs))
  if (!review || review.closed_ms !== null || isOwn) {
    const closed = review ? 'offline-review-closed' : 'offline-review-unknown'
    const code = review?.closed_ms === null ? 'review-own' : closed
    const fields = { by, action: 'offline.close', code, review: reviewId }
    return {
      answer: { kind: 'refused', code },
      facts: [newFact(needs, 'ADM-001', { fields })],
      writes: [],
      notices: [],
    }
  }
  const query = db
    .updateTable('offline_review')
    .set({
      ...{ closed_ms: needs.nowMs(), closed_by: by, outcome },
      note: note === undefined ? null : await sealedNote(note, review, needs),
      version: review.version + 1,
    })
    .where('id', '=', reviewId)
    .where('version', '=', review.version)
    .where('closed_ms', 'is', null)
    .compile()
  const fact = newFact(needs, 'OFF-005', {
    ...(review.person_id === null ? {} : { person: review.person_id }),
    ...(review.session_id === null ? {} : { session: review.session_id }),
    ...(review.tap_id === null ? {} : { tap: review.tap_id }),
    workstation: review.workstation_id,
    fields: { by, review: reviewId, outcome, hasNote: note !== undefined },
  })
  return {
    answer: { kind: 'closed' },
    facts: [fact],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

async function isHers(person: string, by: string, needs: FlowNeeds): Promise<boolean> {
  return by.endsWith(` ${person}`) || isOneHand(byPerson(person), by, await tokenAskers(needs))
}

type About = Pick<OfflineReview, 'id' | 'person_id'>

/**
 * What is written about somebody is forgotten with her. A review of nobody (a journal as a whole)
 * is about a workstation, and its note is as it was written.
 */
async function sealedNote(
  note: string,
  { id, person_id: person }: About,
  { personKeys }: PersonFlowNeeds,
): Promise<string | null> {
  if (person === null) return note
  const key = await personKeys.find(person)
  return key ? seal(note, key, `offline review ${id}`).toString('base64') : null
}

/** Nothing where there is none, or where she was forgotten. */
export async function openReviewNote(
  { id, person_id: person, note }: About & Pick<OfflineReview, 'note'>,
  { personKeys }: Pick<PersonFlowNeeds, 'personKeys'>,
): Promise<string | undefined> {
  if (note === null || person === null) return note ?? undefined
  const key = await personKeys.find(person)
  return key && unseal(Buffer.from(note, 'base64'), key, `offline review ${id}`)
}

function reviews(db: FlowNeeds['db']) {
  return db
    .selectFrom('offline_review')
    .leftJoin('workstation', 'workstation.id', 'offline_review.workstation_id')
    .selectAll('offline_review')
    .select('workstation.place as place')
}
