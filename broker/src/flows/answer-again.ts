// The answer to a tap that was answered before. An agent that lost an answer repeats its tap; it
// gets what it had, as far as that still stands, and nothing happens twice.

import { sessionId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { findBadgeHolder } from '../identity/find-card-holder.ts'
import { findLiving, guardOpenAt } from '../sessions/living-session.ts'
import type { Workstation } from './find-workstation.ts'
import { newFact, refusedFrame } from './flow-needs.ts'
import { land } from './land.ts'
import type { Recorded } from './recorded.ts'
import type { KnownTap } from './tap-row.ts'
import { askPinFrame } from './tap-question.ts'
import type { Tap, TapInNeeds } from './tap-question.ts'

/** For so long a tap whose answer was lost together with its session's screen is decided anew. */
const repeatMs = 30_000

/**
 * A tap id belongs to the workstation that used it first; for any other it has run out. Nothing
 * where the tap is to be decided anew: it was admitted, but the connection broke, and the screen
 * that never opened was locked when the workstation came back.
 */
export async function answerAgain(
  tap: Tap,
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
    case 'asked-pin': {
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

/** With tickets of its own: those of the lost answer may have been used by somebody. */
async function admitAgain(
  tap: Tap,
  known: KnownTap,
  workstation: Workstation,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame> | undefined> {
  const nowMs = needs.nowMs()
  const holder = known.badgeId ? await findBadgeHolder(needs.db, known.badgeId) : undefined
  const id = sessionId.safeParse(known.sessionId)
  const session = id.success ? await findLiving(needs.db, id.data) : undefined
  const isHere = session?.state === 'open' && session.workstationId === workstation.id
  if (holder?.personStatus !== 'active' || !isHere) {
    return nowMs - known.atMs < repeatMs ? undefined : expired(tap, needs)
  }
  const movedFrom = known.answer.kind === 'admitted' ? known.answer.movedFrom : undefined
  const where = { tapId: tap.tapId, sessionId: session.id, holder, workstation, movedFrom, nowMs }
  const { frame, writes } = await land(where, needs)
  const guard = guardOpenAt(needs.db, session.id, workstation.id)
  return { ...again(tap, frame, 'admitted', needs), writes: [guard, ...writes] }
}

function expired(tap: Tap, needs: TapInNeeds): Recorded<BrokerFrame> {
  return again(tap, refusedFrame(needs, tap.tapId, 'tap-expired'), 'expired', needs)
}

function again(
  tap: Tap,
  answer: BrokerFrame,
  reason: string,
  needs: TapInNeeds,
): Recorded<BrokerFrame> {
  const about = { workstation: tap.workstationId, tap: tap.tapId, fields: { answer: reason } }
  return { answer, facts: [newFact(needs, 'TAP-004', about)], writes: [], notices: [] }
}
