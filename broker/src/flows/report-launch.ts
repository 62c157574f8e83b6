// What became of a launch: the chart was shown, or it could not be opened, with the time each stage
// took. A claim of the workstation; nothing is opened or locked by it.

import type { WorkstationId } from '@wardkey/protocol/ids'
import { launchStages } from '@wardkey/protocol/launch-steps'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { findLiving } from '../sessions/living-session.ts'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

export async function reportLaunch(
  frame: AgentFrameOf<'launched'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Promise<Recorded<BrokerFrame>> {
  const answer = notedFrame(needs, frame.id)
  const session = await findLiving(needs.db, frame.sessionId)
  if (session?.workstationId !== workstation) {
    const about = { workstation, session: frame.sessionId, fields: { reason: 'launched' } }
    return { answer, facts: [newFact(needs, 'SES-102', about)], writes: [], notices: [] }
  }
  const code = frame.outcome === 'shown' ? 'SES-005' : 'SES-101'
  const about = {
    person: session.personId,
    session: session.id,
    workstation,
    fields: stagesOf(frame),
  }
  return { answer, facts: [newFact(needs, code, about)], writes: [], notices: [] }
}

/** Only stages that we know by name: the record takes no field names from outside. */
function stagesOf({ stagesMs }: AgentFrameOf<'launched'>): Record<string, number> {
  const known = launchStages.flatMap((stage) => {
    const ms = stagesMs[stage]
    return ms === undefined ? [] : [[stage, Math.round(ms)] as const]
  })
  return Object.fromEntries(known)
}
