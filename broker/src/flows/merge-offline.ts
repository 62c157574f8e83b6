// What a cut-off workstation tells afterwards: whether it follows from what was told before, then
// line by line into record and books, all of a frame in one unit. The same lines again change
// nothing; lines that do not follow are not taken, and somebody is to look at them.

import { sql } from 'kysely'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Schema } from '../store/schema.ts'
import { findWorkstation } from './find-workstation.ts'
import { newFact, newMessageId } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { clockAhead } from './offline/clamp-time.ts'
import { countWrongPins } from './offline/count-wrong-pins.ts'
import { modeAt } from './mode-of.ts'
import { beforeAll, followLines } from './offline/follow-lines.ts'
import type { BrokenReason, Followed } from './offline/follow-lines.ts'
import { readForMerge } from './offline/merge-reads.ts'
import { keepJournal, keepReview } from './offline/offline-writes.ts'
import { lockLeft, settleSessions } from './offline/settle-sessions.ts'
import type { SettleNeeds } from './offline/settle-sessions.ts'
import { nothingStands, parseStanding } from './offline/standing.ts'
import type { Standing } from './offline/standing.ts'
import { Taking } from './offline/take-entries.ts'
import type { Recorded } from './recorded.ts'
import { screensFirst } from './session-notices.ts'

export interface MergeNeeds extends SettleNeeds {
  readonly onOfflineLines?: (outcome: 'merged' | 'repeated' | 'refused', lines: number) => void
  readonly log: { error(event: string, about: Readonly<Record<string, string>>): void }
}

type Frame = AgentFrameOf<'offline-facts'>
type Journal = Schema['offline_journal']

/**
 * A journal is one outage's; more of them within a week are somebody filling a table. A cart that
 * loses the network several times a day must not be refused for it after a year.
 */
const journalsMax = 2000
const journalsWithinMs = 7 * 24 * 3_600_000

/**
 * Answers `offline-merged`, or `failed` where the lines do not follow: then it keeps them.
 * `greetedMs`: since when this workstation is connected.
 */
export async function mergeOffline(
  frame: Frame,
  at: WorkstationId,
  needs: MergeNeeds,
  greetedMs = Infinity,
): Promise<Recorded<BrokerFrame>> {
  const { db } = needs
  const workstation = await findWorkstation(db, at)
  const journal = await db
    .selectFrom('offline_journal')
    .selectAll()
    .where('workstation_id', '=', at)
    .where('journal_id', '=', frame.journalId)
    .executeTakeFirst()
  if (!workstation || (!journal && (await hasTooMany(at, needs)))) {
    return refuse(frame, at, { reason: 'too-many-journals', seq: 0 }, needs)
  }
  const before = journal ? parseStanding(journal.standing) : nothingStands
  const taken = journal
    ? { seq: journal.upto_seq, hash: journal.upto_hash, marks: before.marks }
    : beforeAll
  const followed = followLines(frame.lines, taken)
  if (followed.kind === 'broken') return refuse(frame, at, followed, needs)
  const isOpen = before.sessions.length > 0 || before.wrongs.length > 0
  const isNews = followed.entries.length > 0 || (frame.isLast && isOpen)
  if (journal && !isNews) return repeat(frame, at, journal, before, needs)
  const zoneRow = await db
    .selectFrom('zone')
    .select('changed_ms')
    .where('id', '=', workstation.zone.id)
    .executeTakeFirst()
  const mode = modeAt(workstation.modes, needs.nowMs())
  const zone = { ...workstation.zone, changedMs: zoneRow?.changed_ms ?? 0, mode }
  return take({ frame, at, journal, before, followed, zone, greetedMs }, needs)
}

interface Merging {
  readonly frame: Frame
  readonly at: WorkstationId
  readonly journal: Journal | undefined
  readonly before: Standing
  readonly followed: Extract<Followed, { kind: 'follows' }>
  readonly zone: ConstructorParameters<typeof Taking>[1]['zone']
  readonly greetedMs: number
}

async function take(
  { frame, at, journal, before, followed, zone, greetedMs }: Merging,
  needs: MergeNeeds,
): Promise<Recorded<BrokerFrame>> {
  const clockAheadMs = clockAhead(frame.clockMs, needs.nowMs())
  const from = { journalId: frame.journalId, workstationId: at, zone, greetedMs, clockAheadMs }
  const reads = await readForMerge(followed.entries, before, at, needs)
  const taking = new Taking({ ...before, settled: [] }, from, reads, needs)
  for (const entry of followed.entries) await taking.take(entry)
  await lockLeft(taking, from, needs)
  if (frame.isLast) {
    await countWrongPins(taking, at, needs)
    const settled = await settleSessions(taking, from, reads, needs)
    taking.standing = { ...taking.standing, settled }
  }
  const { seq, hash } = followed.upto
  const nowMs = needs.nowMs()
  const next = {
    workstation_id: at,
    journal_id: frame.journalId,
    ...{ upto_seq: seq, upto_hash: hash, merged_ms: nowMs },
    standing: JSON.stringify({ ...taking.standing, marks: followed.marks }),
  }
  const [first, ...rest] = taking.facts
  needs.onOfflineLines?.('merged', followed.entries.length)
  return {
    answer: mergedFrame(frame, seq, frame.isLast ? taking.standing.settled : [], needs),
    facts: [first ?? againFact(frame, at, needs), ...rest],
    // The journal's row first: of two brokers that are told the same, the second takes nothing.
    writes: [keepJournal(needs.db, journal, next), ...taking.writes],
    notices: screensFirst(taking.notices),
  }
}

/** What was said then, as far as it still stands: a session may have been moved since. */
async function repeat(
  frame: Frame,
  at: WorkstationId,
  journal: Journal,
  { settled }: Standing,
  needs: MergeNeeds,
): Promise<Recorded<BrokerFrame>> {
  const open = await needs.db
    .selectFrom('session')
    .select('id')
    .where('workstation_id', '=', at)
    .where('state', '=', sql.lit('open'))
    .execute()
  const isOpen = (id: string): boolean => open.some((row) => row.id === id)
  const sessions = settled.map((one) => ({ ...one, isKept: one.isKept && isOpen(one.sessionId) }))
  needs.onOfflineLines?.('repeated', frame.lines.length)
  return {
    answer: mergedFrame(frame, journal.upto_seq, frame.isLast ? sessions : [], needs),
    facts: [againFact(frame, at, needs)],
    writes: [],
    notices: [],
  }
}

async function refuse(
  frame: Frame,
  at: WorkstationId,
  { reason, seq }: { readonly reason: BrokenReason; readonly seq: number },
  needs: MergeNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { db, newId, nowMs, log } = needs
  const { journalId } = frame
  log.error('offline.journal-does-not-follow', { workstationId: at, reason })
  needs.onOfflineLines?.('refused', frame.lines.length)
  const known = await db
    .selectFrom('offline_review')
    .select('id')
    .where('workstation_id', '=', at)
    .where('journal_id', '=', journalId)
    .where('seq', '=', 0)
    .executeTakeFirst()
  const about = { workstation: at, rule: reason }
  const fields = { journal: journalId, seq, lines: frame.lines.length }
  const review = {
    ...{ id: newId(), workstation_id: at, journal_id: journalId, seq: 0 },
    ...{ person_id: null, session_id: null, tap_id: null },
    ...{ reasons: `journal-does-not-follow ${reason}`, at_ms: nowMs(), opened_ms: nowMs() },
  }
  const answer = {
    kind: 'failed',
    id: newMessageId(needs),
    replyTo: frame.id,
    code: 'journal-does-not-follow',
    repeat: 'permanent',
  } as const
  return {
    answer,
    facts: [newFact(needs, 'OFF-101', { ...about, fields })],
    // Once for a journal, however often it is told.
    writes: known ? [] : [keepReview(db, review)],
    notices: [],
  }
}

async function hasTooMany(at: WorkstationId, { db, nowMs }: FlowNeeds): Promise<boolean> {
  const rows = await db
    .selectFrom('offline_journal')
    .select('journal_id')
    .where('workstation_id', '=', at)
    .where('merged_ms', '>', nowMs() - journalsWithinMs)
    .limit(journalsMax)
    .execute()
  return rows.length >= journalsMax
}

function mergedFrame(
  frame: Frame,
  upToSeq: number,
  sessions: Standing['settled'],
  needs: FlowNeeds,
): BrokerFrame {
  const { id: replyTo, journalId } = frame
  const id = newMessageId(needs)
  return { kind: 'offline-merged', id, replyTo, journalId, upToSeq, sessions: [...sessions] }
}

function againFact(frame: Frame, workstation: WorkstationId, needs: FlowNeeds) {
  const fields = { journal: frame.journalId, lines: frame.lines.length }
  return newFact(needs, 'OFF-006', { workstation, fields })
}
