// Emergency grants as the store has them: what each was given for, how it was proved who asked,
// until when, and its review. One grant, one session; a grant ends with its session. Reads and
// guarded writes of one table.

import type { Kysely } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'

type Db = Kysely<Schema>
type Row = Schema['emergency_grant']

export interface NewGrant {
  readonly id: string
  readonly personId: PersonId
  readonly sessionId: SessionId
  readonly workstationId: WorkstationId
  readonly zoneId: string
  readonly reason: string
  readonly reasonLabel: string
  /** Under the person's key, bound to the grant. */
  readonly noteSealed: Uint8Array | null
  readonly identity: Row['identity']
  readonly witnessId: PersonId | null
  readonly otherwise: string
  readonly tookMs: number
  readonly position: number
  readonly of: number
  readonly fromMs: number
  readonly untilMs: number
  readonly reviewDueMs: number
}

export interface Grant extends Omit<NewGrant, 'sessionId' | 'workstationId'> {
  readonly sessionId: string
  readonly workstationId: string
  readonly endedMs: number | null
  readonly endReason: string | null
  readonly outcome: Row['outcome']
  readonly reviewedMs: number | null
  readonly reviewedBy: string | null
  readonly reviewSealed: Uint8Array | null
  readonly version: number
}

export function insertGrant(db: Db, grant: NewGrant): Write {
  const query = db
    .insertInto('emergency_grant')
    .values({
      id: grant.id,
      person_id: grant.personId,
      session_id: grant.sessionId,
      workstation_id: grant.workstationId,
      zone_id: grant.zoneId,
      reason: grant.reason,
      reason_label: grant.reasonLabel,
      note_sealed: grant.noteSealed,
      identity: grant.identity,
      witness_id: grant.witnessId,
      otherwise: grant.otherwise,
      took_ms: grant.tookMs,
      position: grant.position,
      choices: grant.of,
      from_ms: grant.fromMs,
      until_ms: grant.untilMs,
      review_due_ms: grant.reviewDueMs,
      version: 1,
    })
    .compile()
  return { query, expectRows: 1 }
}

/** With its session, in the same unit. */
export function endGrant(db: Db, id: string, reason: string, nowMs: number): Write {
  const query = db
    .updateTable('emergency_grant')
    .set((eb) => ({ ended_ms: nowMs, end_reason: reason, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('ended_ms', 'is', null)
    .compile()
  return { query, expectRows: 1 }
}

/** Once: of two reviewers the second conflicts, and finds the outcome of the first. */
export function closeReview(
  db: Db,
  was: Pick<Grant, 'id'>,
  review: {
    readonly outcome: NonNullable<Row['outcome']>
    readonly by: string
    readonly sealed: Uint8Array | null
    readonly nowMs: number
  },
): Write {
  const query = db
    .updateTable('emergency_grant')
    .set((eb) => ({
      outcome: review.outcome,
      reviewed_ms: review.nowMs,
      reviewed_by: review.by,
      review_sealed: review.sealed,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', was.id)
    .where('outcome', 'is', null)
    .compile()
  return { query, expectRows: 1 }
}

export async function findGrant(db: Db, id: string): Promise<Grant | undefined> {
  const row = await db
    .selectFrom('emergency_grant')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && grantOf(row)
}

/** Those that wait for their review, the most urgent first; or all, the newest first. */
export async function listGrants(
  db: Db,
  page: { readonly isOpen: boolean; readonly limit: number },
): Promise<readonly Grant[]> {
  const all = db.selectFrom('emergency_grant').selectAll().limit(page.limit)
  const rows = page.isOpen
    ? await all.where('outcome', 'is', null).orderBy('review_due_ms').orderBy('id').execute()
    : await all.orderBy('from_ms', 'desc').orderBy('id').execute()
  return rows.map(grantOf)
}

/** The newest of them, should there be more than anybody could look at. */
const sinceMax = 20_000

export async function grantsSince(db: Db, sinceMs: number): Promise<readonly Grant[]> {
  const rows = await db
    .selectFrom('emergency_grant')
    .selectAll()
    .where('from_ms', '>=', sinceMs)
    .orderBy('from_ms', 'desc')
    .limit(sinceMax)
    .execute()
  return rows.map(grantOf)
}

/** How many reviews are open, and of these how many are past their due date. */
export async function countReviews(
  db: Db,
  nowMs: number,
): Promise<{ readonly open: number; readonly overdue: number }> {
  const row = await db
    .selectFrom('emergency_grant')
    .where('outcome', 'is', null)
    .select((eb) => [
      eb.fn.countAll().as('open'),
      eb.fn.countAll().filterWhere('review_due_ms', '<', nowMs).as('overdue'),
    ])
    .executeTakeFirst()
  return { open: Number(row?.open ?? 0), overdue: Number(row?.overdue ?? 0) }
}

function grantOf(row: Row): Grant {
  return {
    id: row.id,
    personId: personId.parse(row.person_id),
    sessionId: row.session_id,
    workstationId: row.workstation_id,
    zoneId: row.zone_id,
    reason: row.reason,
    reasonLabel: row.reason_label,
    noteSealed: row.note_sealed,
    identity: row.identity,
    witnessId: row.witness_id === null ? null : personId.parse(row.witness_id),
    otherwise: row.otherwise,
    tookMs: row.took_ms,
    position: row.position,
    of: row.choices,
    fromMs: row.from_ms,
    untilMs: row.until_ms,
    endedMs: row.ended_ms,
    endReason: row.end_reason,
    reviewDueMs: row.review_due_ms,
    outcome: row.outcome,
    reviewedMs: row.reviewed_ms,
    reviewedBy: row.reviewed_by,
    reviewSealed: row.review_sealed,
    version: row.version,
  }
}
