// The answer to a tap that was answered before. An agent that lost an answer repeats its tap; it
// gets what it had, as far as that still stands, and nothing happens twice.

import { sessionId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { findBadgeHolder, findHolder } from '../identity/find-card-holder.ts'
import type { Holder } from '../identity/find-card-holder.ts'
import { findGrant } from '../sessions/emergency-grant.ts'
import { findLiving, guardOpenAt } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { pinQuestion, witnessQuestion } from './emergency-answers.ts'
import { wishOf } from './emergency-wish.ts'
import type { Workstation } from './find-workstation.ts'
import { newFact, refusedFrame } from './flow-needs.ts'
import { land } from './land.ts'
import type { Emergency } from './land.ts'
import type { Recorded } from './recorded.ts'
import type { EmergencyAsk, KnownTap } from './tap-row.ts'
import { askPinFrame } from './tap-question.ts'
import type { Tap, TapInNeeds } from './tap-question.ts'

type TapPlace = Pick<Tap, 'tapId' | 'workstationId'>

/** For so long a tap whose answer was lost together with its session's screen is decided anew. */
const repeatMs = 30_000

/**
 * A tap id belongs to the workstation that used it first; for any other it has run out. Nothing
 * where the tap is to be decided anew: it was admitted, but the connection broke, and the screen
 * that never opened was locked when the workstation came back.
 */
export async function answerAgain(
  tap: TapPlace,
  known: KnownTap,
  workstation: Workstation,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame> | undefined> {
  if (known.workstationId !== tap.workstationId) {
    return again(tap, refusedFrame(needs, tap.tapId, 'tap-expired'), 'other-workstation', needs)
  }
  switch (known.answer.kind) {
    case 'refused': {
      const { code, retryAfterMs } = known.answer
      return again(tap, refusedFrame(needs, tap.tapId, code, retryAfterMs), code, needs)
    }
    case 'cancelled':
      return again(tap, refusedFrame(needs, tap.tapId, 'tap-cancelled'), 'cancelled', needs)
    case 'asked-witness':
      return askAgain(tap, known, known.answer.emergency, workstation, needs)
    case 'asked-pin': {
      const { emergency } = known.answer
      if (emergency) return askAgain(tap, known, emergency, workstation, needs)
      const leftMs = known.expiresMs - needs.nowMs()
      const holder = known.badgeId ? await findBadgeHolder(needs.db, known.badgeId) : undefined
      if (leftMs <= 0 || !holder) return expired(tap, needs)
      const asked = { isAgain: false, failures: holder.pinFailures, answerWithinMs: leftMs }
      const frame = await askPinFrame(tap.tapId, { workstation, holder }, asked, needs)
      return again(tap, frame, 'asked-pin', needs)
    }
    case 'admitted':
      return admitAgain(tap, known, workstation, needs)
  }
}

async function admitAgain(
  tap: TapPlace,
  known: KnownTap,
  workstation: Workstation,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame> | undefined> {
  const landed = await landAgain(tap, known, workstation, needs)
  if (landed) return landed
  return needs.nowMs() - known.atMs < repeatMs ? undefined : expired(tap, needs)
}

/**
 * With tickets of its own: those of the earlier answer may have been used by somebody. Nothing
 * where what that tap opened is not open here any more.
 */
export async function landAgain(
  tap: TapPlace,
  known: KnownTap,
  workstation: Workstation,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame> | undefined> {
  const nowMs = needs.nowMs()
  const holder = await holderOf(known, needs)
  const id = sessionId.safeParse(known.sessionId)
  const session = id.success ? await findLiving(needs.db, id.data) : undefined
  const isHere = session?.state === 'open' && session.workstationId === workstation.id
  // An emergency lets in who is on leave, too; whoever is revoked has no session.
  const isActive = holder?.personStatus === 'active' || session?.emergency !== undefined
  if (!holder || !isActive || !isHere) return undefined
  const movedFrom = known.answer.kind === 'admitted' ? known.answer.movedFrom : undefined
  const emergency = await emergencyOf(session, needs)
  const where = {
    ...{ tapId: tap.tapId, sessionId: session.id, holder, workstation, movedFrom, nowMs },
    opening: session.version,
    emergency,
  }
  const { frame, writes } = await land(where, needs)
  const guard = guardOpenAt(needs.db, session.id, workstation.id)
  return { ...again(tap, frame, 'admitted', needs), writes: [guard, ...writes] }
}

/** Whoever forgot her badge tapped none. */
async function holderOf(
  { badgeId, personId }: KnownTap,
  { db }: TapInNeeds,
): Promise<Holder | undefined> {
  if (badgeId) return findBadgeHolder(db, badgeId)
  return personId ? findHolder(db, personId) : undefined
}

async function emergencyOf(
  { emergency }: LivingSession,
  { db }: TapInNeeds,
): Promise<Emergency | undefined> {
  const grant = emergency && (await findGrant(db, emergency.grantId))
  return grant && { reasonLabel: grant.reasonLabel, untilMs: emergency.untilMs }
}

/** The question that a wish for emergency access waits with. */
async function askAgain(
  tap: TapPlace,
  known: KnownTap,
  ask: EmergencyAsk,
  workstation: Workstation,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const wish = await wishOf(known, ask, workstation, needs)
  const answerWithinMs = known.expiresMs - needs.nowMs()
  if (answerWithinMs <= 0 || !wish) return expired(tap, needs)
  const asked = { isAgain: false, failures: wish.asker.holder?.pinFailures ?? 0, answerWithinMs }
  const isPin = known.answer.kind === 'asked-pin'
  const question = isPin ? pinQuestion : witnessQuestion
  return again(tap, await question(wish, asked, needs), known.answer.kind, needs)
}

function expired(tap: TapPlace, needs: TapInNeeds): Recorded<BrokerFrame> {
  return again(tap, refusedFrame(needs, tap.tapId, 'tap-expired'), 'expired', needs)
}

function again(
  tap: TapPlace,
  answer: BrokerFrame,
  reason: string,
  needs: TapInNeeds,
): Recorded<BrokerFrame> {
  const about = { workstation: tap.workstationId, tap: tap.tapId, fields: { answer: reason } }
  return { answer, facts: [newFact(needs, 'TAP-004', about)], writes: [], notices: [] }
}
