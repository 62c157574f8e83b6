// What a cut-off workstation tells afterwards. No workstation is given anything to decide with yet,
// so whatever one tells is written down as what it is: a journal that follows from nothing.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

export function refuseOffline(
  frame: AgentFrameOf<'offline-facts'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Recorded<BrokerFrame> {
  const fields = { lines: frame.lines.length }
  return {
    answer: notedFrame(needs, frame.id),
    facts: [newFact(needs, 'OFF-101', { workstation, fields })],
    writes: [],
    notices: [],
  }
}
