// A sign that the person is still at her workstation: the standing interval goes on with it, or a
// new one of the new kind begins.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { touchGrace } from '../sessions/grace.ts'
import { findLiving, guardOpenAt } from '../sessions/living-session.ts'
import { beginPresence, endPresence } from '../sessions/presence.ts'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

/** A body near the desk, or clicks in the EHR, may be anybody's: they renew no grace. */
const isActivity: ReadonlySet<AgentFrameOf<'presence'>['evidence']> = new Set([
  'tap',
  'card-in-place',
  'input',
])

export async function reportPresence(
  frame: AgentFrameOf<'presence'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Promise<Recorded<BrokerFrame>> {
  const answer = notedFrame(needs, frame.id)
  const session = await findLiving(needs.db, frame.sessionId)
  if (session?.state !== 'open' || session.workstationId !== workstation) {
    const about = { workstation, session: frame.sessionId, fields: { reason: 'presence' } }
    return { answer, facts: [newFact(needs, 'SES-102', about)], writes: [], notices: [] }
  }
  const { db } = needs
  const nowMs = needs.nowMs()
  const { personId } = session
  const confidencePercent = Math.round(frame.confidence * 100)
  const about = {
    person: personId,
    session: session.id,
    workstation,
    fields: { evidence: frame.evidence, confidencePercent },
  }
  return {
    answer,
    facts: [newFact(needs, 'PRE-001', about)],
    writes: [
      // Nothing begins for a session that was locked at this very moment.
      guardOpenAt(db, session.id, workstation),
      endPresence(db, session.id, nowMs),
      beginPresence(db, {
        id: needs.newId(),
        sessionId: session.id,
        personId,
        workstationId: workstation,
        kind: frame.evidence,
        confidence: frame.confidence,
        nowMs,
      }),
      ...(isActivity.has(frame.evidence) && !session.emergency
        ? [touchGrace(db, personId, nowMs)]
        : []),
    ],
    notices: [],
  }
}
