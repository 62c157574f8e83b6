// A workstation has closed a session that waited behind its lock screen: there were too many, or it
// waited too long. The session is over, and its EHRs hear of it.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { findLiving } from '../sessions/living-session.ts'
import { endHere } from './end-here.ts'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

/**
 * Only a session that is locked, and was here last: what has been opened again, here or elsewhere,
 * is not this workstation's to end.
 */
export async function endSuspended(
  frame: AgentFrameOf<'end'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Promise<Recorded<BrokerFrame>> {
  const answer = notedFrame(needs, frame.id)
  const session = await findLiving(needs.db, frame.sessionId)
  if (session?.state !== 'locked' || session.workstationId !== workstation) {
    const about = { workstation, session: frame.sessionId, fields: { reason: frame.reason } }
    return { answer, facts: [newFact(needs, 'SES-102', about)], writes: [], notices: [] }
  }
  const { reason } = frame
  const ending = { reason, because: 'ended', code: 'session-ended' } as const
  return { answer, ...endHere(session, ending, needs) }
}
