// A tap as the store has it: asked once, answered once, and answered the same when it is asked
// again.

import type { Kysely } from 'kysely'
import { z } from 'zod'
import { badgeId, personId, tapId, workstationId } from '@wardkey/protocol/ids'
import type { BadgeId, PersonId, SessionId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import { refusalCodes } from '@wardkey/protocol/codes'
import type { RefusalCode } from '@wardkey/protocol/codes'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'

/** How long a tap is remembered after it was answered: longer than any agent repeats one. */
export const tapMemoryMs = 600_000

const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(refusalCodes, code)

/** What is asked for in an emergency, as it is remembered between its questions. */
const emergencyAsk = z.strictObject({
  grantId: z.uuid(),
  by: z.enum(['card', 'staff-number']),
  reason: z.string(),
  tookMs: z.number(),
  position: z.number(),
  of: z.number(),
  hasNote: z.boolean(),
  /** Under the person's key, bound to the grant; base64. */
  note: z.string().optional(),
  /** When the PIN matched, for this very wish; absent while it has not. */
  pinAtMs: z.number().optional(),
  /** Badges that were shown and could not speak for her. */
  strangers: z.number().default(0),
})
export type EmergencyAsk = z.infer<typeof emergencyAsk>

/** What was answered, without names and tickets: those are made anew when it is asked again. */
const tapAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('asked-pin'), emergency: emergencyAsk.optional() }),
  z.strictObject({ kind: z.literal('asked-witness'), emergency: emergencyAsk }),
  z.strictObject({ kind: z.literal('admitted'), movedFrom: z.string().max(80).optional() }),
  z.strictObject({
    kind: z.literal('refused'),
    code: z.string().refine(isRefusalCode),
    retryAfterMs: z.number().optional(),
  }),
  z.strictObject({ kind: z.literal('cancelled') }),
])
export type TapAnswer = z.infer<typeof tapAnswer>

export function admittedAnswer(movedFrom: string | undefined): TapAnswer {
  return { kind: 'admitted', ...(movedFrom === undefined ? {} : { movedFrom }) }
}

export interface KnownTap {
  readonly id: TapId
  readonly workstationId: WorkstationId
  readonly personId: PersonId | null
  readonly badgeId: BadgeId | null
  readonly sessionId: string | null
  readonly answer: TapAnswer
  readonly atMs: number
  readonly expiresMs: number
  readonly version: number
}

const byId = prepared<{ id: string }>()((db, hole) =>
  db.selectFrom('tap').selectAll().where('id', '=', hole('id')),
)

export async function findTap(db: Kysely<Schema>, id: TapId): Promise<KnownTap | undefined> {
  const [row] = (await db.executeQuery(byId(db, { id }))).rows
  if (!row) return undefined
  return {
    id: tapId.parse(row.id),
    workstationId: workstationId.parse(row.workstation_id),
    personId: row.person_id === null ? null : personId.parse(row.person_id),
    badgeId: row.badge_id === null ? null : badgeId.parse(row.badge_id),
    sessionId: row.session_id,
    answer: tapAnswer.parse(JSON.parse(row.answer)),
    atMs: row.at_ms,
    expiresMs: row.expires_ms,
    version: row.version,
  }
}

type Question = Extract<TapAnswer, { kind: 'asked-pin' | 'asked-witness' }>
export type AskedTap = KnownTap & { readonly answer: Question }

/**
 * The tap that waits here for its PIN, or for a colleague's badge; nothing once it was answered, ran
 * out, or was elsewhere.
 */
export async function findAskedTap(
  db: Kysely<Schema>,
  id: TapId,
  workstation: WorkstationId,
  nowMs: number,
): Promise<AskedTap | undefined> {
  const tap = await findQuestion(db, id, workstation)
  return tap && tap.expiresMs > nowMs ? tap : undefined
}

/** The same, also where its time is over: it was asked, and got no answer. */
export async function findQuestion(
  db: Kysely<Schema>,
  id: TapId,
  workstation: WorkstationId,
): Promise<AskedTap | undefined> {
  const tap = await findTap(db, id)
  if (tap?.workstationId !== workstation) return undefined
  const { answer } = tap
  const isAsked = answer.kind === 'asked-pin' || answer.kind === 'asked-witness'
  return isAsked ? { ...tap, answer } : undefined
}

export interface TapOutcome {
  readonly answer: TapAnswer
  readonly personId?: PersonId
  readonly badgeId?: BadgeId
  readonly sessionId?: SessionId
  readonly expiresMs: number
}

const inserting = prepared<Omit<Schema['tap'], 'version'>>()((db, hole) =>
  db.insertInto('tap').values({
    id: hole('id'),
    workstation_id: hole('workstation_id'),
    at_ms: hole('at_ms'),
    outcome: hole('outcome'),
    person_id: hole('person_id'),
    badge_id: hole('badge_id'),
    session_id: hole('session_id'),
    answer: hole('answer'),
    expires_ms: hole('expires_ms'),
    version: 1,
  }),
)

/** The primary key decides: the same tap twice at once is one tap and one conflict. */
function insertTap(
  db: Kysely<Schema>,
  tap: { readonly tapId: TapId; readonly workstationId: WorkstationId },
  outcome: TapOutcome,
  nowMs: number,
): Write {
  const row = {
    id: tap.tapId,
    workstation_id: tap.workstationId,
    at_ms: nowMs,
    outcome: outcome.answer.kind,
    person_id: outcome.personId ?? null,
    badge_id: outcome.badgeId ?? null,
    session_id: outcome.sessionId ?? null,
    answer: JSON.stringify(outcome.answer),
    expires_ms: outcome.expiresMs,
  }
  return { query: inserting(db, row), expectRows: 1 }
}

/** The first answer of a tap, or the one that takes its place. */
export function keepTap(
  db: Kysely<Schema>,
  tap: { readonly tapId: TapId; readonly workstationId: WorkstationId },
  known: KnownTap | undefined,
  outcome: TapOutcome,
  nowMs: number,
): Write {
  return known ? moveTap(db, known, outcome) : insertTap(db, tap, outcome, nowMs)
}

interface Moved extends Omit<Schema['tap'], 'workstation_id' | 'at_ms' | 'version'> {
  readonly was: number
  readonly next: number
}

/** What an outcome does not say stays as it was. */
const moving = prepared<Moved>()((db, hole) =>
  db
    .updateTable('tap')
    .set((eb) => ({
      outcome: hole('outcome'),
      answer: hole('answer'),
      person_id: eb.fn.coalesce(eb.val(hole('person_id')), 'person_id'),
      badge_id: eb.fn.coalesce(eb.val(hole('badge_id')), 'badge_id'),
      session_id: eb.fn.coalesce(eb.val(hole('session_id')), 'session_id'),
      expires_ms: hole('expires_ms'),
      version: hole('next'),
    }))
    .where('id', '=', hole('id'))
    .where('version', '=', hole('was')),
)

/** A question gets one end: whoever comes second conflicts, looks again and finds it ended. */
export function moveTap(db: Kysely<Schema>, was: KnownTap, outcome: TapOutcome): Write {
  const query = moving(db, {
    id: was.id,
    outcome: outcome.answer.kind,
    answer: JSON.stringify(outcome.answer),
    person_id: outcome.personId ?? null,
    badge_id: outcome.badgeId ?? null,
    session_id: outcome.sessionId ?? null,
    expires_ms: outcome.expiresMs,
    was: was.version,
    next: was.version + 1,
  })
  return { query, expectRows: 1 }
}
