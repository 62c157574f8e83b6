// A tap that came to nothing at the workstation: cancelled, superseded, or left without its PIN.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { dropErrand } from './errands/errand-row.ts'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'
import { findAskedTap, moveTap, tapMemoryMs } from './tap-row.ts'

/** Cancelling what is no longer asked changes nothing, and is written down all the same. */
export async function cancelTap(
  frame: AgentFrameOf<'cancel'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Promise<Recorded<BrokerFrame>> {
  const nowMs = needs.nowMs()
  const tap = await findAskedTap(needs.db, frame.tapId, workstation, nowMs)
  const outcome = { answer: { kind: 'cancelled' }, expiresMs: nowMs + tapMemoryMs } as const
  const about = {
    ...(tap?.personId ? { person: tap.personId } : {}),
    ...(tap?.badgeId ? { badge: tap.badgeId } : {}),
    workstation,
    tap: frame.tapId,
    fields: { reason: frame.reason, wasAsked: tap !== undefined },
  }
  return {
    answer: notedFrame(needs, frame.id),
    facts: [newFact(needs, 'TAP-102', about)],
    writes: [
      ...(tap ? [moveTap(needs.db, tap, outcome)] : []),
      dropErrand(needs.db, frame.tapId, workstation),
    ],
    notices: [],
  }
}
