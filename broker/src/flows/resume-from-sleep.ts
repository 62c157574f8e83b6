// A workstation slept and woke, or its clock jumped: who stood there may have gone, and what was
// proved before counts no longer at it. Its word may be long on the way: a screen that was opened
// meanwhile is told.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { sessionAt } from '../sessions/living-session.ts'
import { findWorkstation } from './find-workstation.ts'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { lockToldHere } from './lock-here.ts'
import type { Recorded } from './recorded.ts'
import { lockNotice } from './session-notices.ts'
import { trustFrom } from './trust-from.ts'

export async function resumeFromSleep(
  frame: AgentFrameOf<'resumed'>,
  id: WorkstationId,
  needs: FlowNeeds,
): Promise<Recorded<BrokerFrame>> {
  const workstation = await findWorkstation(needs.db, id)
  const open = await sessionAt(needs.db, id)
  const { reason = 'resume' } = frame
  const locked = open && lockToldHere(open, reason, needs)
  const nowMs = needs.nowMs()
  return {
    answer: notedFrame(needs, frame.id),
    facts: [
      newFact(needs, 'WKS-007', { workstation: id, fields: { reason } }),
      ...(locked?.facts ?? []),
    ],
    writes: [
      ...(workstation ? [trustFrom(needs.db, workstation, workstation.bootId, nowMs)] : []),
      ...(locked?.writes ?? []),
    ],
    notices: locked ? [lockNotice(open, 'session-ended', needs), ...locked.notices] : [],
  }
}
