// A journal has been told to its end: which of its sessions may stay on the screen where they are,
// by what is true now, and which are over. At most one stays, and only one that a tap would open.

import type { SessionId } from '@wardkey/protocol/ids'
import type { Fact } from '../../audit/fact.ts'
import { guardPerson, raisePerson } from '../../identity/guard-person.ts'
import { freeSlot } from '../../sessions/decide-seat.ts'
import { findLiving, sessionsAround } from '../../sessions/living-session.ts'
import { termAt } from '../../policy/access-standing.ts'
import { refusalIn } from '../bundles/decided-beforehand.ts'
import { endHere } from '../end-here.ts'
import { newFact } from '../flow-needs.ts'
import type { HouseRules } from '../house-book.ts'
import { lockToldHere } from '../lock-here.ts'
import { markFact } from '../mark-facts.ts'
import { leftNotice } from '../session-notices.ts'
import type { JudgedPerson } from './judge-decision.ts'
import type { MergeReads } from './merge-reads.ts'
import { keepOpen, keepPresence, reopenAsWas } from './offline-writes.ts'
import type { Standing, StandingSession } from './standing.ts'
import type { TakeFrom, TakeNeeds, Taking } from './take-entries.ts'

export interface SettleNeeds extends TakeNeeds {
  readonly sessionMaxMs: number
}

/** Returns the verdict on each session that stood; none stands in the journal after it. */
export async function settleSessions(
  taking: Taking,
  from: TakeFrom,
  reads: MergeReads,
  needs: SettleNeeds,
): Promise<Standing['settled']> {
  const { sessions } = taking.standing
  // The one that was opened last is the one that can be on the screen.
  const shown = [...sessions].sort((a, b) => b.seq - a.seq)[0]
  const settled: Standing['settled'] = []
  for (const session of sessions) {
    const isKept = session === shown && (await keepShown(session, taking, from, reads, needs))
    if (!isKept) await endStanding(session, taking, from, needs)
    const { sessionId } = session
    const opening = isKept ? { opening: openingOf(sessionId, taking, reads) } : {}
    settled.push({ sessionId, isKept, ...opening })
  }
  taking.standing = { ...taking.standing, sessions: [], asked: [] }
  return settled
}

/**
 * The version that its row has from this unit on, as `versionOpened` has it for a tap: a leave that
 * waits at the workstation is of this opening, and ends no later one.
 */
function openingOf(id: SessionId, taking: Taking, reads: MergeReads): number {
  const known = reads.sessions.get(id)
  const before = known?.version ?? 0
  return known?.state === 'open' ? before : before + (taking.ended.get(id) ?? 0) + 1
}

async function keepShown(
  session: StandingSession,
  taking: Taking,
  from: TakeFrom,
  reads: MergeReads,
  needs: SettleNeeds,
): Promise<boolean> {
  const person = reads.people.get(session.personId)
  const known = reads.sessions.get(session.sessionId)
  const nowMs = needs.nowMs()
  const openedMs = session.isResumed ? (known?.opened_ms ?? 0) : session.fromMs
  const mayStay =
    session.isSound &&
    person !== undefined &&
    isHerBadgeGood(session, person) &&
    isStillAllowed(session, person, from, { nowMs, house: reads.house }) &&
    nowMs - openedMs < needs.sessionMaxMs &&
    (!session.isResumed || (known !== undefined && known.state !== 'ended'))
  if (!mayStay) return false
  const { own, shown } = await sessionsAround(needs.db, session.personId, from.workstationId)
  // An emergency is one screen and no other, whatever the zone allows.
  const screensMax = session.emergency ? 1 : from.zone.settings.screensMax
  const others = own.filter(({ id }) => id !== session.sessionId)
  const open = others.filter(({ state }) => state === 'open')
  const isTaken = shown !== undefined && shown.id !== session.sessionId
  const isMoved = known !== undefined && known.workstation_id !== from.workstationId
  if (open.length >= screensMax || isTaken || isMoved) return false
  const { db } = needs
  const guard = session.emergency ? raisePerson : guardPerson
  taking.writes.push(guard(db, session.personId, person.version))
  if (known?.state !== 'open') {
    const waiting = others.filter(({ state }) => state === 'locked')
    // Of hers that wait somewhere as many stay as a tap would leave; an emergency ends another.
    const over = session.emergency
      ? waiting.filter(({ emergency }) => emergency)
      : waiting.slice(screensMax - 1 - open.length)
    for (const other of over) {
      const ending = { reason: 'offline-session', because: 'ended', code: 'session-ended' } as const
      const ended = endHere(other, ending, needs)
      taking.writes.push(...ended.writes)
      taking.facts.push(...ended.facts)
      taking.notices.push(...ended.notices)
    }
    const slot = freeSlot(open, screensMax)
    taking.writes.push(
      session.isResumed && known
        ? reopenAsWas(db, known, slot, session.presence.fromMs)
        : keepOpen(db, session, from, slot, session.presence.fromMs),
      keepPresence(needs, session, from, null),
    )
    const code = session.isResumed ? 'SES-009' : 'SES-001'
    taking.facts.push(takenFact(code, session, from, needs))
  }
  return true
}

function isHerBadgeGood({ emergency, fromMs }: StandingSession, person: JudgedPerson): boolean {
  // The badge that opened it may be the one that was lost since: a tap with another one tells.
  const isByNumber = emergency?.by === 'staff-number'
  return (isByNumber || person.hasUsableBadge) && person.badgeGoneMs < fromMs
}

/** What a tap would be answered now; an emergency goes on for what is left of it. */
function isStillAllowed(
  { emergency, choice }: StandingSession,
  person: JudgedPerson,
  { zone }: TakeFrom,
  { nowMs, house }: { readonly nowMs: number; readonly house: HouseRules },
): boolean {
  if (!emergency) {
    return choice === undefined && refusalIn(zone, person, nowMs, house, zone.mode) === undefined
  }
  const isActive = person.status === 'active' || person.status === 'on-leave'
  const isHere = isActive && termAt(person.access, nowMs) === 'within'
  return isHere && zone.settings.emergency.offered && nowMs < emergency.untilMs
}

/** The last word of the record about it must not be that it is locked. */
function takenFact(
  code: 'SES-001' | 'SES-009',
  session: StandingSession,
  from: TakeFrom,
  needs: SettleNeeds,
): Fact {
  const fact = newFact(needs, code, {
    person: session.personId,
    session: session.sessionId,
    workstation: from.workstationId,
    fields: { journal: from.journalId },
  })
  return session.emergency ? markFact(fact, session.emergency.grantId) : fact
}

async function endStanding(
  session: StandingSession,
  taking: Taking,
  from: TakeFrom,
  needs: SettleNeeds,
): Promise<void> {
  const end = { atMs: needs.nowMs(), reason: 'network-back' }
  taking.close(session, end)
  await lockKnown(session.sessionId, end, taking, from, needs)
}

/** What a broker had opened, and its workstation has left since: locked in the books too. */
export async function lockLeft(taking: Taking, from: TakeFrom, needs: TakeNeeds): Promise<void> {
  for (const [id, { atMs, reason }] of taking.left) {
    const stands = taking.standing.sessions.some(({ sessionId }) => sessionId === id)
    // Opened again since by a tap that a broker answered: that one stands.
    if (!stands) await lockKnown(id, { atMs, reason }, taking, from, needs)
  }
}

async function lockKnown(
  id: SessionId,
  left: { readonly atMs: number; readonly reason: string },
  taking: Taking,
  from: TakeFrom,
  needs: TakeNeeds,
): Promise<void> {
  const living = await findLiving(needs.db, id)
  const isOpenHere = living?.state === 'open' && living.workstationId === from.workstationId
  if (!isOpenHere || living.changedMs > left.atMs) return
  if (living.changedMs >= from.greetedMs && (await isOpenedByTap(id, needs))) return
  const locked = lockToldHere(living, left.reason, needs)
  taking.writes.push(...locked.writes)
  taking.facts.push(...locked.facts)
  taking.notices.push(...locked.notices, leftNotice(living, 'ended'))
}

/**
 * Whoever taps again before her journal was taken in left first: her leave is then about the
 * opening before, whatever the workstation's clock says. What a merge has opened is left by a
 * later line.
 */
async function isOpenedByTap(id: SessionId, { db }: TakeNeeds): Promise<boolean> {
  const presence = await db
    .selectFrom('presence')
    .select('journal_id')
    .where('session_id', '=', id)
    .where('until_ms', 'is', null)
    .executeTakeFirst()
  return presence?.journal_id === null
}
