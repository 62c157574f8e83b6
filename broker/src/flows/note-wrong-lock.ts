// "This lock was wrong", said on the lock screen: written down with its zone and reason, so that
// the zone's limits can be tuned. Nothing opens or changes by it.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { findLiving } from '../sessions/living-session.ts'
import { findWorkstation } from './find-workstation.ts'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

/** A session that was never here is named in the record as such, and tunes nothing. */
export async function noteWrongLock(
  frame: AgentFrameOf<'lock-was-wrong'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Promise<Recorded<BrokerFrame>> {
  const answer = notedFrame(needs, frame.id)
  const { reason } = frame
  const session = await findLiving(needs.db, frame.sessionId)
  const here = await findWorkstation(needs.db, workstation)
  if (session?.workstationId !== workstation || !here) {
    const about = { workstation, session: frame.sessionId, fields: { reason } }
    return { answer, facts: [newFact(needs, 'SES-102', about)], writes: [], notices: [] }
  }
  const about = {
    person: session.personId,
    session: session.id,
    workstation,
    zone: here.zone.id,
    fields: { reason },
  }
  return { answer, facts: [newFact(needs, 'SES-007', about)], writes: [], notices: [] }
}
