// The figures of one period, from the record and the tables of reviews, exceptions and alerts.
// Reads only, by indexes, and never more than its limits; what comes out names nobody.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { FiguresOf } from '@wardkey/protocol/admin/figures/figures'
import type { Schema } from '../../store/schema.ts'
import { toldFact } from '../timeline/told-fact.ts'
import type { ToldFact } from '../timeline/told-fact.ts'
import { dayOne } from './day-one.ts'
import { medianOf } from './median-of.ts'

type Db = Kysely<Schema>

export interface Period {
  readonly fromMs: number
  /** Not itself. */
  readonly untilMs: number
}

const hourMs = 3_600_000
/** Of more of one kind in one period the newest: a house has not so many in a month. */
const rowsMax = 5000
const factsMax = 500

/** Written out as the partial index has it. */
const isRare = sql<boolean>`code in ('PER-001', 'PER-003', 'PER-007', 'BDG-002', 'WKS-003')`
const ending: ReadonlySet<unknown> = new Set(['on-leave', 'suspended', 'terminated'])

export async function readFigures(db: Db, period: Period, nowMs: number): Promise<FiguresOf> {
  const rare = await rareFacts(db, period)
  return {
    ...period,
    dayOne: await dayOne(db, rare),
    revoked: await revoked(db, rare),
    exceptions: await exceptions(db, period),
    reviews: await reviews(db, { ...period, untilMs: Math.min(period.untilMs, nowMs) }),
    incidents: await incidents(db, period),
    sharing: await sharing(db, period),
    lostBadges: rare.filter(({ code, fields }) => code === 'BDG-002' && fields['status'] === 'lost')
      .length,
  }
}

async function rareFacts(db: Db, { fromMs, untilMs }: Period): Promise<readonly ToldFact[]> {
  await new Promise((resolve) => setImmediate(resolve))
  const rows = await db
    .selectFrom('fact')
    .selectAll()
    .where(isRare)
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', untilMs)
    .orderBy('at_ms', 'desc')
    .limit(rowsMax)
    .execute()
  return rows.map(toldFact)
}

async function factsOf(db: Db, person: string, fromMs: number, untilMs: number) {
  // Whoever taps meanwhile waits for one person's facts, and not for those of all who were let go.
  await new Promise((resolve) => setImmediate(resolve))
  return db
    .selectFrom('fact')
    .select(['idx', 'at_ms', 'code'])
    .where('person_id', '=', person)
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', untilMs)
    .orderBy('at_ms')
    .orderBy('idx')
    .limit(factsMax)
    .execute()
}

/** To the last of her screens that was locked or ended for it, within the hour. */
async function revoked(db: Db, rare: readonly ToldFact[]): Promise<FiguresOf['revoked']> {
  const tookMs: number[] = []
  for (const { index, code, person, atMs, fields } of rare) {
    const isEnd = code === 'PER-003' || (code === 'PER-007' && ending.has(fields['status']))
    if (!isEnd || person === undefined) continue
    const rows = (await factsOf(db, person, atMs, atMs + hourMs)).filter(({ idx }) => idx > index)
    // What she opened once she was let in again is no screen that outlived the word.
    const again = rows.findIndex((row) => row.code === 'TAP-001')
    const until = again === -1 ? rows : rows.slice(0, again)
    const ends = until.filter((row) => ['SES-003', 'SES-004', 'SES-008'].includes(row.code))
    const last = ends.at(-1)
    if (last) tookMs.push(Math.max(0, last.at_ms - atMs))
  }
  return { count: tookMs.length, ...medianOf('medianMs', tookMs) }
}

async function exceptions(db: Db, { fromMs, untilMs }: Period): Promise<FiguresOf['exceptions']> {
  const rows = await db
    .selectFrom('access_exception')
    .select(['decided_ms', 'ended_ms'])
    .where('outcome', '=', 'approved')
    .where((eb) =>
      eb.or([
        eb.and([eb('decided_ms', '>=', fromMs), eb('decided_ms', '<', untilMs)]),
        eb.and([eb('ended_ms', '>=', fromMs), eb('ended_ms', '<', untilMs)]),
      ]),
    )
    .limit(rowsMax)
    .execute()
  const isIn = (ms: number | null): boolean => ms !== null && ms >= fromMs && ms < untilMs
  const ended = rows.filter((row) => isIn(row.ended_ms))
  const heldMs = ended.map((row) => (row.ended_ms ?? 0) - (row.decided_ms ?? 0))
  return {
    approved: rows.filter((row) => isIn(row.decided_ms)).length,
    ended: ended.length,
    ...medianOf('medianHeldMs', heldMs),
  }
}

async function reviews(db: Db, { fromMs, untilMs }: Period): Promise<FiguresOf['reviews']> {
  const rows = await db
    .selectFrom('emergency_grant')
    .select(['review_due_ms', 'reviewed_ms'])
    .where('review_due_ms', '>=', fromMs)
    .where('review_due_ms', '<', untilMs)
    .limit(rowsMax)
    .execute()
  const inTime = rows.filter(
    ({ reviewed_ms: reviewedMs, review_due_ms: dueMs }) =>
      reviewedMs !== null && reviewedMs <= dueMs,
  )
  return { due: rows.length, inTime: inTime.length }
}

/** Contained by the first act against whom or what it was about, or else by being closed. */
async function incidents(db: Db, { fromMs, untilMs }: Period): Promise<FiguresOf['incidents']> {
  const rows = await db
    .selectFrom('alert')
    .select(['people', 'workstation_id', 'first_ms', 'raised_ms', 'closed_ms'])
    .where('outcome', '=', 'confirmed')
    .where('raised_ms', '>=', fromMs)
    .where('raised_ms', '<', untilMs)
    .limit(rowsMax)
    .execute()
  const detectMs: number[] = []
  const containMs: number[] = []
  for (const row of rows) {
    detectMs.push(Math.max(0, row.raised_ms - row.first_ms))
    const about = [row.people, row.workstation_id ?? ''].join(' ')
    const closedMs = row.closed_ms ?? row.raised_ms
    const acts = await rareFacts(db, { fromMs: row.raised_ms, untilMs: closedMs + 1 })
    const against = acts.filter(
      ({ code, person, workstation }) =>
        code !== 'PER-001' &&
        [person, workstation].some((id) => id !== undefined && about.includes(id)),
    )
    containMs.push(Math.min(closedMs, ...against.map(({ atMs }) => atMs)) - row.raised_ms)
  }
  return {
    count: rows.length,
    ...medianOf('medianDetectMs', detectMs),
    ...medianOf('medianContainMs', containMs),
  }
}

async function sharing(db: Db, { fromMs, untilMs }: Period): Promise<number> {
  const row = await db
    .selectFrom('alert')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('rule', '=', 'badge-sharing')
    .where('raised_ms', '>=', fromMs)
    .where('raised_ms', '<', untilMs)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
