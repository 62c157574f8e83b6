// Emergency access. No zone offers it yet, so every wish for it is refused, and written down.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { newFact, refusedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

export function refuseEmergency(
  frame: AgentFrameOf<'break-glass' | 'witness'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Recorded<BrokerFrame> {
  const about = { workstation, tap: frame.tapId, rule: 'zone-offers-emergency' }
  return {
    answer: refusedFrame(needs, frame.tapId, 'emergency-not-offered'),
    facts: [newFact(needs, 'BTG-101', about)],
    writes: [],
    notices: [],
  }
}
