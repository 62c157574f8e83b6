// Sessions as the store has them: which one a person has, which one a workstation shows, and the
// writes that open, move, lock and end them. Each write is guarded by what was read before it.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'

export interface LivingSession {
  readonly id: SessionId
  readonly personId: PersonId
  readonly state: 'open' | 'locked'
  readonly workstationId: WorkstationId
  readonly openedMs: number
  readonly changedMs: number
  /** Of a session that emergency access opened: it is that for as long as it lives. */
  readonly emergency?: { readonly grantId: string; readonly untilMs: number }
  readonly version: number
  /** Which of her screens it is; no two open ones of a person have the same. */
  readonly slot: number
  /** Counted as locked, and its workstation has not said yet when and why it was. */
  readonly isCounted?: true
}

type Db = Kysely<Schema>

/** The person's session that has not ended; the newest, should there ever be more. */
export async function sessionOfPerson(
  db: Db,
  person: PersonId,
): Promise<LivingSession | undefined> {
  const row = await living(db)
    .where('person_id', '=', person)
    .orderBy('changed_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && open(row)
}

const shownAt = prepared<{ workstation: string }>()((db, hole) =>
  living(db).where('workstation_id', '=', hole('workstation')).where('state', '=', isOpen),
)

/** The session that a workstation's screen shows now. */
export async function sessionAt(
  db: Db,
  workstation: WorkstationId,
): Promise<LivingSession | undefined> {
  const [row] = (await db.executeQuery(shownAt(db, { workstation }))).rows
  return row && open(row)
}

/** What the screens of a zone show now. */
export async function openSessionsIn(db: Db, zone: string): Promise<LivingSession[]> {
  const here = db.selectFrom('workstation').select('id').where('zone_id', '=', zone)
  const rows = living(db).where('state', '=', isOpen).where('workstation_id', 'in', here)
  return (await rows.orderBy('id').execute()).map(open)
}

const byId = prepared<{ id: string }>()((db, hole) => living(db).where('id', '=', hole('id')))

export async function findLiving(db: Db, id: SessionId): Promise<LivingSession | undefined> {
  const [row] = (await db.executeQuery(byId(db, { id }))).rows
  return row && open(row)
}

const around = prepared<{ person: string; workstation: string }>()((db, hole) =>
  living(db)
    .where('person_id', '=', hole('person'))
    .union(
      living(db).where('workstation_id', '=', hole('workstation')).where('state', '=', isOpen),
    ),
)

/** What decides a seat, in one question: the person's own, newest first, and what is shown here. */
export async function sessionsAround(
  db: Db,
  person: PersonId,
  workstation: WorkstationId,
): Promise<{ own: readonly LivingSession[]; shown: LivingSession | undefined }> {
  const { rows } = await db.executeQuery(around(db, { person, workstation }))
  const all = rows.map(open)
  return {
    own: all
      .filter((session) => session.personId === person)
      .sort((a, b) => b.changedMs - a.changedMs),
    shown: all.find((session) => session.state === 'open' && session.workstationId === workstation),
  }
}

const byPerson = prepared<{ person: string }>()((db, hole) =>
  living(db).where('person_id', '=', hole('person')),
)

export async function sessionsOfPerson(db: Db, person: PersonId): Promise<LivingSession[]> {
  return (await db.executeQuery(byPerson(db, { person }))).rows.map(open)
}

/** The same for many in one question, by whose they are. */
export async function sessionsOfPeople(
  db: Db,
  people: readonly PersonId[],
): Promise<ReadonlyMap<string, readonly LivingSession[]>> {
  const found = new Map<string, LivingSession[]>()
  if (people.length === 0) return found
  const rows = await living(db).where('person_id', 'in', people).execute()
  for (const session of rows.map(open)) {
    const list = found.get(session.personId)
    if (list) list.push(session)
    else found.set(session.personId, [session])
  }
  return found
}

export interface Opening {
  readonly sessionId: SessionId
  readonly personId: PersonId
  readonly workstationId: WorkstationId
  readonly acr: string
  readonly amr: readonly string[]
  readonly pinAtMs: number
  readonly slot: number
  readonly nowMs: number
  /** Only a new session can be one; what is opened again stays what it was. */
  readonly emergency?: LivingSession['emergency']
}

interface OpeningRow extends Omit<Opening, 'amr' | 'emergency'> {
  readonly amr: string
}
interface InsertRow extends OpeningRow {
  readonly grantId: string | null
  readonly untilMs: number | null
}

const inserting = prepared<InsertRow>()((db, hole) =>
  db.insertInto('session').values({
    id: hole('sessionId'),
    person_id: hole('personId'),
    state: 'open',
    workstation_id: hole('workstationId'),
    acr: hole('acr'),
    amr: hole('amr'),
    pin_at_ms: hole('pinAtMs'),
    opened_ms: hole('nowMs'),
    changed_ms: hole('nowMs'),
    ended_ms: null,
    end_reason: null,
    slot: hole('slot'),
    grant_id: hole('grantId'),
    until_ms: hole('untilMs'),
    counted_ms: null,
    version: 1,
  }),
)

/** The version that a session gets by being opened: it is the same for as long as it stays open. */
export const versionOpened = (was: Pick<LivingSession, 'version'> | undefined): number =>
  (was?.version ?? 0) + 1

/**
 * A new session. The unique indexes decide races: whoever comes second conflicts and looks again.
 */
export function insertSession(db: Db, opening: Opening): Write {
  const { emergency, ...rest } = opening
  const mark = { grantId: emergency?.grantId ?? null, untilMs: emergency?.untilMs ?? null }
  const row = { ...rest, amr: JSON.stringify(opening.amr), ...mark }
  return { query: inserting(db, row), expectRows: 1 }
}

const reopening = prepared<OpeningRow & { was: number; next: number }>()((db, hole) =>
  db
    .updateTable('session')
    .set({
      state: 'open',
      workstation_id: hole('workstationId'),
      acr: hole('acr'),
      amr: hole('amr'),
      pin_at_ms: hole('pinAtMs'),
      slot: hole('slot'),
      changed_ms: hole('nowMs'),
      counted_ms: null,
      version: hole('next'),
    })
    .where('id', '=', hole('sessionId'))
    .where('version', '=', hole('was')),
)

/** Opens a living session here, wherever it was. */
export function reopenSession(db: Db, was: LivingSession, opening: Opening): Write {
  const row = { ...opening, amr: JSON.stringify(opening.amr) }
  const versions = { was: was.version, next: versionOpened(was) }
  return { query: reopening(db, { ...row, ...versions }), expectRows: 1 }
}

interface Step {
  readonly id: string
  readonly was: number
  readonly next: number
  readonly nowMs: number
}

const stepOf = (was: LivingSession, nowMs: number): Step => ({
  id: was.id,
  was: was.version,
  next: was.version + 1,
  nowMs,
})

const locking = prepared<Step & { countedMs: number | null }>()((db, hole) =>
  db
    .updateTable('session')
    .set({
      state: 'locked',
      changed_ms: hole('nowMs'),
      counted_ms: hole('countedMs'),
      version: hole('next'),
    })
    .where('id', '=', hole('id'))
    .where('version', '=', hole('was'))
    .where('state', '=', 'open'),
)

/** `isTold`: its workstation said so; otherwise it is counted, and may be told of once. */
export function lockSession(db: Db, was: LivingSession, nowMs: number, isTold: boolean): Write {
  const row = { ...stepOf(was, nowMs), countedMs: isTold ? null : nowMs }
  return { query: locking(db, row), expectRows: 1 }
}

/** It was counted as locked, and now that is told: once. */
export function noteTold(db: Db, was: LivingSession): Write {
  const query = db
    .updateTable('session')
    .set({ counted_ms: null })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .where('counted_ms', 'is not', null)
    .compile()
  return { query, expectRows: 1 }
}

const ending = prepared<Step & { reason: string }>()((db, hole) =>
  db
    .updateTable('session')
    .set({
      state: 'ended',
      changed_ms: hole('nowMs'),
      ended_ms: hole('nowMs'),
      end_reason: hole('reason'),
      version: hole('next'),
    })
    .where('id', '=', hole('id'))
    .where('version', '=', hole('was')),
)

export function endSession(db: Db, was: LivingSession, reason: string, nowMs: number): Write {
  return { query: ending(db, { ...stepOf(was, nowMs), reason }), expectRows: 1 }
}

/** Holds a unit to the session being open at the workstation at the moment of the commit. */
export function guardOpenAt(db: Db, session: SessionId, workstation: WorkstationId): Write {
  return { query: guarding(db, { session, workstation }), expectRows: 1 }
}

const guarding = prepared<{ session: string; workstation: string }>()((db, hole) =>
  db
    .updateTable('session')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('id', '=', hole('session'))
    .where('workstation_id', '=', hole('workstation'))
    .where('state', '=', isOpen),
)

/**
 * Written out in the statement: behind a parameter, SQLite has to plan anew at each question to see
 * that the index over living or open sessions is good for it.
 */
const isOpen = sql.lit<'open'>('open')
const isEnded = sql.lit<'ended'>('ended')

function living(db: Db) {
  return db
    .selectFrom('session')
    .select(['id', 'person_id', 'state', 'workstation_id'])
    .select(['opened_ms', 'changed_ms', 'version', 'slot'])
    .select(['grant_id', 'until_ms', 'counted_ms'])
    .where('state', '<>', isEnded)
}

function open(row: {
  id: string
  person_id: string
  state: 'open' | 'locked' | 'ended'
  workstation_id: string
  opened_ms: number
  changed_ms: number
  grant_id: string | null
  until_ms: number | null
  counted_ms: number | null
  version: number
  slot: number
}): LivingSession {
  const { grant_id: grantId, until_ms: untilMs } = row
  return {
    id: sessionId.parse(row.id),
    personId: personId.parse(row.person_id),
    state: row.state === 'open' ? 'open' : 'locked',
    workstationId: workstationId.parse(row.workstation_id),
    openedMs: row.opened_ms,
    changedMs: row.changed_ms,
    ...(grantId === null || untilMs === null ? {} : { emergency: { grantId, untilMs } }),
    version: row.version,
    slot: row.slot,
    ...(row.counted_ms === null ? {} : { isCounted: true }),
  }
}
