// What an allowed tap does: sits the person down, and moves, locks or ends what was open before.
// One unit holds all of it, with the launch that she lands by.

import { sessionId } from '@wardkey/protocol/ids'
import type { SessionId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { Fact } from '../audit/fact.ts'
import type { CardHolder } from '../identity/find-card-holder.ts'
import { guardPerson } from '../identity/guard-person.ts'
import type { Decision } from '../policy/decide-tap.ts'
import { orderedId } from '../platform/ordered-id.ts'
import { decideSeat } from '../sessions/decide-seat.ts'
import type { SeatPlan } from '../sessions/decide-seat.ts'
import { noteGrace } from '../sessions/grace.ts'
import { insertSession, reopenSession, sessionsAround } from '../sessions/living-session.ts'
import { beginPresence, confidenceOf, endPresence } from '../sessions/presence.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Write } from '../store/store.ts'
import { endHere } from './end-here.ts'
import { newFact } from './flow-needs.ts'
import type { Workstation } from './find-workstation.ts'
import { land } from './land.ts'
import type { LandNeeds } from './land.ts'
import { lockHere } from './lock-here.ts'
import type { LockedHere } from './lock-here.ts'
import type { Notice } from './recorded.ts'
import { leftNotice, lockNotice, screensFirst } from './session-notices.ts'

export interface AdmitNeeds extends LandNeeds {
  /** A session ends this long after it was opened, whatever happens in it. */
  readonly sessionMaxMs: number
}

export interface Admission {
  readonly frame: BrokerFrameOf<'admitted'>
  readonly writes: readonly Write[]
  readonly facts: readonly [Fact, ...Fact[]]
  readonly notices: readonly Notice[]
}

export interface AdmitFacts {
  readonly tapId: TapId
  readonly workstation: Workstation
  readonly holder: CardHolder
  readonly decision: Extract<Decision, { kind: 'allow' }>
  readonly nowMs: number
}

/** The unit conflicts where any of what it was made from has changed: person, sessions or seat. */
export async function admit(facts: AdmitFacts, needs: AdmitNeeds): Promise<Admission> {
  const { workstation, holder, nowMs } = facts
  const plan = decideSeat({
    ...(await sessionsAround(needs.db, holder.personId, workstation.id)),
    nowMs,
    personId: holder.personId,
    workstationId: workstation.id,
    sessionMaxMs: needs.sessionMaxMs,
    screensMax: workstation.zone.settings.screensMax,
  })
  const id = plan.seat.kind === 'opened' ? sessionId.parse(needs.newId()) : plan.seat.was.id
  const movedFrom =
    plan.seat.kind === 'moved' ? await placeOf(plan.seat.was.workstationId, needs) : undefined
  const landing = await land({ ...facts, sessionId: id, movedFrom }, needs)
  const cleared = clearSeat(plan, needs)
  return {
    frame: landing.frame,
    writes: [
      guardPerson(needs.db, holder.personId, holder.personVersion),
      // What leaves a seat goes first: the unique indexes judge each statement by itself.
      ...cleared.flatMap(({ writes }) => writes),
      ...seatWrites(plan, facts, id, needs),
      ...landing.writes,
    ],
    facts: [
      tapFact(plan, facts, id, needs),
      ...seatFacts(plan, facts, id, needs),
      ...cleared.map(({ fact }) => fact),
    ],
    notices: screensFirst([
      ...cleared.flatMap(({ notices }) => notices),
      ...moveNotices(plan, facts, needs),
    ]),
  }
}

function seatWrites(
  { seat, slot }: SeatPlan,
  { holder, workstation, decision, nowMs }: AdmitFacts,
  id: SessionId,
  { db, newId }: AdmitNeeds,
): readonly Write[] {
  const seated = {
    sessionId: id,
    personId: holder.personId,
    workstationId: workstation.id,
    acr: decision.acr,
    amr: decision.amr,
    pinAtMs: decision.pinAtMs,
    slot,
    nowMs,
  }
  const proof = decision.rule === 'badge-and-pin' ? 'badge-and-pin' : 'badge-alone'
  const confidence = confidenceOf[proof]
  return [
    ...(seat.kind === 'opened'
      ? [insertSession(db, seated)]
      : [reopenSession(db, seat.was, seated), endPresence(db, id, nowMs)]),
    beginPresence(db, {
      ...seated,
      id: orderedId(newId(), nowMs),
      kind: 'tap',
      confidence,
    }),
    // Without a PIN there is no window to renew.
    ...(seated.pinAtMs > 0 ? [noteGrace(db, { ...seated, zoneId: workstation.zone.id })] : []),
  ]
}

/** Whoever sat here before is locked, and sessions that are over end, in this same act. */
function clearSeat(plan: SeatPlan, needs: AdmitNeeds): readonly LockedHere[] {
  const ended = plan.ends.map((was) => {
    const isTooOld = needs.nowMs() - was.openedMs >= needs.sessionMaxMs
    const reason = isTooOld ? 'overall-limit' : 'screens-limit'
    return endHere(was, { reason, because: 'ended', code: 'session-ended' }, needs)
  })
  if (!plan.locks) return ended
  const locked = lockHere(plan.locks, 'other-badge', needs)
  const notice = lockNotice(plan.locks, 'tap-superseded', needs)
  return [{ ...locked, notices: [notice, ...locked.notices] }, ...ended]
}

function tapFact(plan: SeatPlan, facts: AdmitFacts, id: SessionId, needs: AdmitNeeds): Fact {
  const { holder, workstation, decision } = facts
  return newFact(needs, 'TAP-001', {
    person: holder.personId,
    workstation: workstation.id,
    zone: workstation.zone.id,
    session: id,
    tap: facts.tapId,
    badge: holder.badgeId,
    rule: decision.rule,
    fields: { seat: plan.seat.kind, acr: decision.acr, pinAtMs: decision.pinAtMs },
  })
}

/** Coming back to one's own screen is the tap's fact alone; a new or moved session has its own. */
function seatFacts(
  { seat }: SeatPlan,
  { holder, workstation }: AdmitFacts,
  id: SessionId,
  needs: AdmitNeeds,
): readonly Fact[] {
  const about = { person: holder.personId, workstation: workstation.id, session: id }
  switch (seat.kind) {
    case 'resumed':
      return []
    case 'opened':
      return [newFact(needs, 'SES-001', about)]
    case 'moved': {
      const fields = { from: seat.was.workstationId, wasOpen: seat.was.state === 'open' }
      return [newFact(needs, 'SES-002', { ...about, fields })]
    }
  }
}

function moveNotices(
  { seat }: SeatPlan,
  { workstation }: AdmitFacts,
  needs: AdmitNeeds,
): readonly Notice[] {
  if (seat.kind !== 'moved') return []
  return [
    lockNotice(seat.was, 'session-moved', needs, workstation.place),
    leftNotice(seat.was, 'moved'),
  ]
}

const placing = prepared<{ id: string }>()((db, hole) =>
  db.selectFrom('workstation').select('place').where('id', '=', hole('id')),
)

async function placeOf(id: WorkstationId, { db }: AdmitNeeds): Promise<string | undefined> {
  return (await db.executeQuery(placing(db, { id }))).rows[0]?.place
}
