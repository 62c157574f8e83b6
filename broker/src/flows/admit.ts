// What an allowed tap does: sits the person down, and moves, locks or ends what was open before.
// One unit holds all of it, with the launch that she lands by.

import { sessionId } from '@wardkey/protocol/ids'
import type { BadgeId, SessionId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { Fact } from '../audit/fact.ts'
import type { Holder } from '../identity/find-card-holder.ts'
import { guardPerson, raisePerson } from '../identity/guard-person.ts'
import { Fault } from '../platform/fault.ts'
import { acrBreakGlass } from '../policy/assurance.ts'
import { emergencyResumed } from '../policy/decide-break-glass.ts'
import type { Verdict } from '../policy/cedar/policy-set.ts'
import type { Decision } from '../policy/decide-tap.ts'
import { orderedId } from '../platform/ordered-id.ts'
import { decideSeat } from '../sessions/decide-seat.ts'
import type { SeatPlan } from '../sessions/decide-seat.ts'
import { findGrant } from '../sessions/emergency-grant.ts'
import { noteGrace } from '../sessions/grace.ts'
import {
  insertSession,
  reopenSession,
  sessionsAround,
  versionOpened,
} from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { beginPresence, confidenceOf, endPresence } from '../sessions/presence.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Write } from '../store/store.ts'
import { endHere } from './end-here.ts'
import type { Ending } from './end-here.ts'
import { newFact } from './flow-needs.ts'
import type { Workstation } from './find-workstation.ts'
import { judgedFields } from './judge-tap.ts'
import { land } from './land.ts'
import type { Emergency, LandNeeds } from './land.ts'
import { lockHere } from './lock-here.ts'
import type { LockedHere } from './lock-here.ts'
import type { Notice, Recorded } from './recorded.ts'
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
  readonly opens?: NonNullable<Recorded<unknown>['opens']>
}

export interface AdmitFacts {
  readonly tapId: TapId
  readonly workstation: Workstation
  /** Whoever forgot her badge has none here. */
  readonly holder: Holder & { readonly badgeId?: BadgeId }
  readonly decision: Extract<Decision, { kind: 'allow' }>
  /** What the written policies said, where they were asked. */
  readonly verdict?: Verdict
  readonly nowMs: number
  /** A grant that is given in this unit: it opens a session of its own. */
  readonly emergency?: Emergency & { readonly grantId: string }
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
    isEmergency: facts.emergency !== undefined,
  })
  const emergency = await emergencyOf(plan, facts, needs)
  const id = plan.seat.kind === 'opened' ? sessionId.parse(needs.newId()) : plan.seat.was.id
  const left = leftBehind(plan, workstation.id)
  const movedFrom = left && (await placeOf(left.workstationId, needs))
  const opening = versionOpened(plan.seat.kind === 'opened' ? undefined : plan.seat.was)
  const landing = await land({ ...facts, sessionId: id, movedFrom, opening, emergency }, needs)
  const cleared = clearSeat(plan, facts, needs)
  return {
    frame: landing.frame,
    writes: [
      guardHolder(holder, emergency !== undefined, needs),
      // What leaves a seat goes first: the unique indexes judge each statement by itself.
      ...cleared.flatMap(({ writes }) => writes),
      ...seatWrites(plan, facts, id, needs),
      ...landing.writes,
    ],
    facts: [
      tapFact(plan, facts, id, needs),
      ...seatFacts(plan, facts, id, needs),
      ...cleared.flatMap(({ facts }) => facts),
    ],
    notices: screensFirst([
      ...cleared.flatMap(({ notices }) => notices),
      ...moveNotices(plan, facts, needs),
    ]),
    ...(plan.seat.kind === 'opened'
      ? { opens: { sessionId: id, grantId: facts.emergency?.grantId ?? null } }
      : {}),
  }
}

/** What she had open elsewhere until now; a screen that she signed out of was not left. */
function leftBehind({ seat, puts }: SeatPlan, here: WorkstationId): LivingSession | undefined {
  const isLeftOpen = seat.kind === 'moved' && seat.was.state === 'open'
  return isLeftOpen ? seat.was : puts.find((was) => was.workstationId !== here)
}

/** Of the grant that is given, or of the one whose session is opened again. */
async function emergencyOf(
  { seat }: SeatPlan,
  { decision, emergency }: AdmitFacts,
  { db }: AdmitNeeds,
): Promise<Emergency | undefined> {
  if (emergency) return emergency
  const standing = seat.kind === 'opened' ? undefined : seat.was.emergency
  // It ended between two looks: what was proved for it opens nothing else.
  if (!standing && decision.rule === emergencyResumed) {
    throw new Fault('store-contended', 'transient')
  }
  const grant = standing && (await findGrant(db, standing.grantId))
  return grant && { reasonLabel: grant.reasonLabel, untilMs: standing.untilMs }
}

/** Whoever is on leave may be let in by an emergency; nobody else who is not active. */
function guardHolder(
  { personId, personVersion }: AdmitFacts['holder'],
  isEmergency: boolean,
  { db }: AdmitNeeds,
): Write {
  const guard = isEmergency ? raisePerson : guardPerson
  return guard(db, personId, personVersion)
}

function seatWrites(
  { seat, slot }: SeatPlan,
  { holder, workstation, decision, nowMs, emergency }: AdmitFacts,
  id: SessionId,
  { db, newId }: AdmitNeeds,
): readonly Write[] {
  const isEmergency =
    emergency !== undefined || (seat.kind !== 'opened' && seat.was.emergency !== undefined)
  const seated = {
    sessionId: id,
    personId: holder.personId,
    workstationId: workstation.id,
    acr: isEmergency ? acrBreakGlass : decision.acr,
    amr: decision.amr,
    pinAtMs: decision.pinAtMs,
    slot,
    nowMs,
    ...(emergency ? { emergency } : {}),
  }
  const isProved = decision.rule === 'badge-and-pin' || decision.rule === emergencyResumed
  const proof = isProved ? 'badge-and-pin' : 'badge-alone'
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
    // Without a PIN there is no window to renew, and an emergency never opens one.
    ...(seated.pinAtMs > 0 && !isEmergency
      ? [noteGrace(db, { ...seated, zoneId: workstation.zone.id })]
      : []),
  ]
}

/**
 * Whoever sat here before is locked, what she had open besides is locked where it is, and sessions
 * that are over end: in this same act.
 */
function clearSeat(
  plan: SeatPlan,
  { workstation, nowMs }: AdmitFacts,
  needs: AdmitNeeds,
): readonly LockedHere[] {
  const ended = plan.ends.map((was) => endHere(was, endingOf(was, nowMs, needs), needs))
  const put = plan.puts.map((was): LockedHere => {
    const locked = lockHere(was, 'moved', needs)
    const notice = lockNotice(was, 'session-moved', needs, workstation.place)
    return { ...locked, notices: [notice, ...locked.notices] }
  })
  if (!plan.locks) return [...put, ...ended]
  const locked = lockHere(plan.locks, 'other-badge', needs)
  const notice = lockNotice(plan.locks, 'tap-superseded', needs)
  return [{ ...locked, notices: [notice, ...locked.notices] }, ...put, ...ended]
}

function endingOf(
  { emergency, openedMs }: LivingSession,
  nowMs: number,
  { sessionMaxMs }: AdmitNeeds,
): Ending {
  if (!emergency) {
    const reason = nowMs - openedMs >= sessionMaxMs ? 'overall-limit' : 'screens-limit'
    return { reason, because: 'ended', code: 'session-ended' }
  }
  const reason = emergency.untilMs <= nowMs ? 'emergency-over' : 'asked-anew'
  return { reason, because: 'ended', code: 'emergency-over' }
}

function tapFact(plan: SeatPlan, facts: AdmitFacts, id: SessionId, needs: AdmitNeeds): Fact {
  const { holder, workstation, decision } = facts
  return newFact(needs, 'TAP-001', {
    person: holder.personId,
    workstation: workstation.id,
    zone: workstation.zone.id,
    session: id,
    tap: facts.tapId,
    ...(holder.badgeId === undefined ? {} : { badge: holder.badgeId }),
    rule: decision.rule,
    fields: {
      ...{ seat: plan.seat.kind, acr: decision.acr, pinAtMs: decision.pinAtMs },
      ...(facts.verdict ? judgedFields(facts.verdict, holder) : {}),
    },
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
      const { workstationId: from, state, version: opening, changedMs: openedMs } = seat.was
      const wasOpen = state === 'open'
      // Its workstation may tell later when that opening was over on its screen.
      const fields = { from, wasOpen, ...(wasOpen ? { opening, openedMs } : {}) }
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
