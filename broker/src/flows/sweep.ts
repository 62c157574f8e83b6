// What time alone brings about: sessions past their limits end, screens that nobody can reach are
// locked in the books too, and rows that nobody asks for any more go. Little by little, never at
// once.

import { sql } from 'kysely'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { sessionId } from '@wardkey/protocol/ids'
import { parseStoredZone } from '../policy/stored-zone.ts'
import { findLiving, sessionAt } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Store, Write } from '../store/store.ts'
import { applyRules } from './apply-rules.ts'
import { endLoaners } from './badges/end-loaners.ts'
import { wordMemoryMs } from './broker-words.ts'
import { endHere } from './end-here.ts'
import type { Ending } from './end-here.ts'
import { dueExceptions } from './exceptions/end-exception.ts'
import { findWorkstation } from './find-workstation.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { newFact } from './flow-needs.ts'
import type { House } from './house-book.ts'
import { followDates } from './hr/follow-dates.ts'
import { lockHere } from './lock-here.ts'
import type { Perform } from './perform.ts'
import type { Recorded } from './recorded.ts'
import { endedModes, standingModes } from './set-mode.ts'
import { lockNotice } from './session-notices.ts'

export interface SweepNeeds extends FlowNeeds {
  readonly store: Store
  readonly perform: Perform
  readonly sessionMaxMs: number
  readonly lost: LostWorkstations
  readonly house: House
}

export interface LostWorkstation {
  readonly workstationId: WorkstationId
  readonly sinceMs: number
}

/** Workstations that are not connected here any more, and since when. */
export interface LostWorkstations {
  list(): readonly LostWorkstation[]
  /** Nothing is open there any more: nobody has to look again until it has come and gone. */
  settled(workstation: WorkstationId): void
}

export interface Swept {
  readonly ended: number
  readonly locked: number
}

/** Of each kind in one round; the rest is for the next. */
const sweepMax = 200
/** The workstation locks by itself at the limit of its zone; the books follow a little later. */
const staleMarginMs = 10_000
const pinAttemptMemoryMs = 24 * 3_600_000
const ticketMemoryMs = 3_600_000
/** A workstation may come back weeks later with what it decided by a bundle of that day. */
const bundleMemoryMs = 60 * 24 * 3_600_000
/** Rows that go with one statement, and statements in one round of the sweep. */
const dropMax = 500
const dropRoundsMax = 40

/** One round. A session that somebody changes meanwhile is left to its next round. */
export async function sweep(needs: SweepNeeds): Promise<Swept> {
  const overdue = [
    ...(await pastEmergency(needs)),
    ...(await pastLimit(needs)),
    ...(await lockedTooLong(needs)),
  ]
  for (const { id, ending } of overdue) {
    await needs.perform(() => endIfLiving(id, ending, needs))
  }
  let locked = 0
  for (const gone of needs.lost.list().slice(0, sweepMax)) {
    const state = await stateOf(gone, needs)
    if (state === 'waiting') continue
    if (state === 'stale') {
      await needs.perform(() => lockLost(gone, needs))
      locked += 1
    }
    needs.lost.settled(gone.workstationId)
  }
  for (const ended of await endedModes(needs)) {
    await needs.perform(() => Promise.resolve(ended()))
  }
  for (const due of await dueExceptions(needs)) await needs.perform(due)
  // A tap that was decided before a mode was set may have opened a screen after it.
  for (const { place, mode } of await standingModes(needs)) {
    if (mode === 'lockdown') await applyRules(place, needs)
  }
  await followDates(needs)
  await endLoaners(needs)
  await dropOldRows(needs)
  return { ended: overdue.length, locked }
}

interface Overdue {
  readonly id: SessionId
  readonly ending: Ending
}

async function pastEmergency({ db, nowMs }: SweepNeeds): Promise<readonly Overdue[]> {
  const rows = await db
    .selectFrom('session')
    .select('id')
    .where('state', '<>', sql.lit('ended'))
    .where('until_ms', 'is not', null)
    .where('until_ms', '<=', nowMs())
    .limit(sweepMax)
    .execute()
  const ending = { reason: 'emergency-over', because: 'ended', code: 'emergency-over' } as const
  return rows.map(({ id }) => ({ id: sessionId.parse(id), ending }))
}

async function pastLimit({ db, nowMs, sessionMaxMs }: SweepNeeds): Promise<readonly Overdue[]> {
  const rows = await db
    .selectFrom('session')
    .select('id')
    .where('state', '<>', sql.lit('ended'))
    .where('opened_ms', '<=', nowMs() - sessionMaxMs)
    .limit(sweepMax)
    .execute()
  const ending = { reason: 'overall-limit', because: 'ended', code: 'session-ended' } as const
  return rows.map(({ id }) => ({ id: sessionId.parse(id), ending }))
}

const lockedSince = prepared<{ zone: string; sinceMs: number }>()((db, hole) =>
  db
    .selectFrom('session')
    .innerJoin('workstation', 'workstation.id', 'session.workstation_id')
    .select('session.id')
    .where('session.state', '=', sql.lit('locked'))
    // An emergency has a time of its own, which leaving the screen does not shorten.
    .where('session.until_ms', 'is', null)
    .where('session.changed_ms', '<=', hole('sinceMs'))
    .where('workstation.zone_id', '=', hole('zone'))
    .limit(sweepMax),
)

async function lockedTooLong({ db, nowMs }: SweepNeeds): Promise<readonly Overdue[]> {
  const ending = { reason: 'locked-too-long', because: 'ended', code: 'session-ended' } as const
  const overdue: Overdue[] = []
  for (const zone of await db.selectFrom('zone').select(['id', 'settings']).execute()) {
    const { lockedMaxMs } = parseStoredZone(zone.settings)
    const query = lockedSince(db, { zone: zone.id, sinceMs: nowMs() - lockedMaxMs })
    const { rows } = await db.executeQuery(query)
    overdue.push(...rows.map(({ id }) => ({ id: sessionId.parse(id), ending })))
  }
  return overdue
}

async function endIfLiving(
  id: SessionId,
  ending: Ending,
  needs: SweepNeeds,
): Promise<Recorded<undefined>> {
  const session = await findLiving(needs.db, id)
  if (!session || !isStillDue(session, ending, needs)) {
    const about = { session: id, fields: { reason: ending.reason } }
    return { answer: undefined, facts: [newFact(needs, 'SES-006', about)], writes: [], notices: [] }
  }
  return { answer: undefined, ...endHere(session, ending, needs) }
}

/** She may have come back between the look and this one. */
function isStillDue(session: LivingSession, ending: Ending, needs: SweepNeeds): boolean {
  if (ending.reason === 'locked-too-long') return session.state === 'locked'
  if (ending.reason === 'emergency-over') {
    return session.emergency !== undefined && session.emergency.untilMs <= needs.nowMs()
  }
  return needs.nowMs() - session.openedMs >= needs.sessionMaxMs
}

async function stateOf(
  gone: LostWorkstation,
  needs: SweepNeeds,
): Promise<'waiting' | 'stale' | 'settled'> {
  const open = await sessionAt(needs.db, gone.workstationId)
  const workstation = open && (await findWorkstation(needs.db, gone.workstationId))
  if (!workstation) return 'settled'
  // Another broker may have it: then that one says so, again and again.
  const lastMs = Math.max(gone.sinceMs, workstation.reachedMs)
  const { staleMs } = workstation.zone.settings
  return needs.nowMs() - lastMs >= staleMs + staleMarginMs ? 'stale' : 'waiting'
}

async function lockLost(
  { workstationId }: LostWorkstation,
  needs: SweepNeeds,
): Promise<Recorded<undefined>> {
  const open = await sessionAt(needs.db, workstationId)
  if (!open) {
    const about = { workstation: workstationId, fields: { reason: 'link-lost' } }
    return { answer: undefined, facts: [newFact(needs, 'SES-006', about)], writes: [], notices: [] }
  }
  const { facts, writes, notices } = lockHere(open, 'link-lost', needs)
  const frame = lockNotice(open, 'session-ended', needs)
  return { answer: undefined, facts, writes, notices: [frame, ...notices] }
}

/** As many rounds as a busy hospital needs, and no more: the writer has taps to write. */
async function dropOldRows({ store, nowMs }: SweepNeeds): Promise<void> {
  const db = store.read
  const now = nowMs()
  await dropWhile(store, async () => {
    const old = db.selectFrom('tap').select('id').where('expires_ms', '<', now).limit(dropMax)
    const ids = (await old.execute()).map(({ id }) => id)
    return { count: ids.length, query: db.deleteFrom('tap').where('id', 'in', ids).compile() }
  })
  await dropWhile(store, async () => {
    const old = db.selectFrom('errand').select('id').where('expires_ms', '<', now).limit(dropMax)
    const ids = (await old.execute()).map(({ id }) => id)
    return { count: ids.length, query: db.deleteFrom('errand').where('id', 'in', ids).compile() }
  })
  await dropWhile(store, async () => {
    const old = db
      .selectFrom('launch_ticket')
      .select('hash')
      .where('expires_ms', '<', now - ticketMemoryMs)
      .limit(dropMax)
    const hashes = (await old.execute()).map(({ hash }) => hash)
    const drop = db.deleteFrom('launch_ticket').where('hash', 'in', hashes)
    return { count: hashes.length, query: drop.compile() }
  })
  await dropWhile(store, async () => {
    const old = db
      .selectFrom('pin_attempt')
      .select('id')
      .where('at_ms', '<', now - pinAttemptMemoryMs)
      .limit(dropMax)
    const ids = (await old.execute()).map(({ id }) => id)
    const drop = db.deleteFrom('pin_attempt').where('id', 'in', ids)
    return { count: ids.length, query: drop.compile() }
  })
  await dropWhile(store, async () => {
    const old = db
      .selectFrom('broker_word')
      .select('id')
      .where('at_ms', '<', now - wordMemoryMs)
    const ids = (await old.limit(dropMax).execute()).map(({ id }) => id)
    const drop = db.deleteFrom('broker_word').where('id', 'in', ids)
    return { count: ids.length, query: drop.compile() }
  })
  await dropOldBundles(store, now)
}

/**
 * The last one of each workstation stays, however old: its number must go on growing. A roster goes
 * when no bundle is of it any more.
 */
async function dropOldBundles(store: Store, now: number): Promise<void> {
  const db = store.read
  const beforeMs = now - bundleMemoryMs
  await dropWhile(store, async () => {
    const old = await db
      .selectFrom('offline_bundle as old')
      .innerJoin('offline_bundle as newer', (join) =>
        join
          .onRef('newer.workstation_id', '=', 'old.workstation_id')
          .on((eb) => eb('newer.sequence', '=', eb('old.sequence', '+', 1))),
      )
      .select(['old.workstation_id', 'old.sequence'])
      .where('old.expires_ms', '<', beforeMs)
      .limit(dropMax)
      .execute()
    const drop = db
      .deleteFrom('offline_bundle')
      .where((eb) =>
        eb.or(
          old.map((row) =>
            eb.and([
              eb('workstation_id', '=', row.workstation_id),
              eb('sequence', '=', row.sequence),
            ]),
          ),
        ),
      )
    return { count: old.length, query: drop.compile() }
  })
  await dropWhile(store, async () => {
    const old = await db
      .selectFrom('offline_roster')
      .leftJoin('offline_bundle', 'offline_bundle.roster', 'offline_roster.id')
      .select('offline_roster.id')
      .where('offline_roster.at_ms', '<', beforeMs)
      .where('offline_bundle.sequence', 'is', null)
      .limit(dropMax)
      .execute()
    const ids = old.map(({ id }) => id)
    return {
      count: ids.length,
      query: db.deleteFrom('offline_roster').where('id', 'in', ids).compile(),
    }
  })
}

async function dropWhile(
  store: Store,
  next: () => Promise<{ readonly count: number; readonly query: Write['query'] }>,
): Promise<void> {
  for (let round = 0; round < dropRoundsMax; round++) {
    const { count, query } = await next()
    if (count === 0) return
    await store.commit({ kind: 'housekeeping', writes: [{ query }] })
    if (count < dropMax) return
  }
}
