// A tap that came to nothing at the workstation: cancelled, superseded, or left without its PIN.

import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { dropErrand } from './errands/errand-row.ts'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { markFact } from './mark-facts.ts'
import type { Recorded } from './recorded.ts'
import { findQuestion, findTap, moveTap, tapMemoryMs } from './tap-row.ts'

/** Cancelling what is no longer asked changes nothing, and is written down all the same. */
export async function cancelTap(
  frame: AgentFrameOf<'cancel'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Promise<Recorded<BrokerFrame>> {
  const nowMs = needs.nowMs()
  // A screen gives a question up when its time is over, and tells of it a moment after that.
  const tap = await findQuestion(needs.db, frame.tapId, workstation)
  const outcome = { answer: { kind: 'cancelled' }, expiresMs: nowMs + tapMemoryMs } as const
  const about = {
    ...(await whoseTap(frame.tapId, workstation, needs)),
    workstation,
    tap: frame.tapId,
    fields: { reason: frame.reason, wasAsked: tap !== undefined },
  }
  const fact = newFact(needs, 'TAP-102', about)
  const grant = tap?.answer.emergency?.grantId
  return {
    answer: notedFrame(needs, frame.id),
    facts: [grant === undefined ? fact : markFact(fact, grant)],
    writes: [
      ...(tap ? [moveTap(needs.db, tap, outcome)] : []),
      dropErrand(needs.db, frame.tapId, workstation),
    ],
    notices: [],
  }
}

/** Also of one that was answered, and whose answer came when another badge had been tapped. */
async function whoseTap(id: TapId, workstation: WorkstationId, { db }: FlowNeeds) {
  const tap = await findTap(db, id)
  if (tap?.workstationId !== workstation) return {}
  return {
    ...(tap.personId ? { person: tap.personId } : {}),
    ...(tap.badgeId ? { badge: tap.badgeId } : {}),
  }
}
