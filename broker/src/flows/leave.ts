// A workstation locked its screen and says why: the session is locked, the presence ends, and
// whoever left cannot be signed in anywhere by what is still in that browser.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf, LeaveReason } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { touchGrace } from '../sessions/grace.ts'
import { findLiving } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { endHere } from './end-here.ts'
import { leftBefore } from './left-before.ts'
import { newFact, notedFrame } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { lockToldHere } from './lock-here.ts'
import type { LateTold, LockedHere } from './lock-here.ts'
import type { Recorded } from './recorded.ts'
import { leftNotice } from './session-notices.ts'

/** After these nothing is left of the chart on the workstation; after the others it is hidden. */
const chartIsGone: ReadonlySet<LeaveReason> = new Set([
  'browser-lost',
  'launch-failed',
  'restart',
  'shutdown',
])

/** Leaving what is not open there (it moved, it ended, it was opened anew) changes nothing. */
export async function leave(
  frame: AgentFrameOf<'leave'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Promise<Recorded<BrokerFrame>> {
  const session = await findLiving(needs.db, frame.sessionId)
  const answer = notedFrame(needs, frame.id)
  // Said of an opening before this one: it waited, and she has come back meanwhile.
  const isEarlier = frame.opening !== undefined && frame.opening !== session?.version
  if (session?.state !== 'open' || session.workstationId !== workstation || isEarlier) {
    const about = { workstation, session: frame.sessionId, fields: { reason: frame.reason } }
    const told = await leftBefore(frame, workstation, session, needs)
    return told
      ? { answer, ...told, notices: [] }
      : { answer, facts: [newFact(needs, 'SES-102', about)], writes: [], notices: [] }
  }
  return { answer, ...leftAs(session, frame.reason, needs) }
}

/** `when`: where it could not be told then. */
export function leftAs(
  session: LivingSession,
  reason: LeaveReason,
  needs: FlowNeeds,
  when: LateTold = {},
): LockedHere {
  // The person, or the workstation's clock, closes an emergency before ours does.
  if (session.emergency && reason === 'emergency-over') {
    const ending = { reason, because: 'ended', code: 'emergency-over' } as const
    return endHere(session, ending, needs)
  }
  const locked = lockToldHere(session, reason, needs, when)
  // Her own badge was just shown: that is activity, as far as the rolling limit goes. What was
  // opened by an emergency renews no window that an ordinary tap opened.
  const isTapOut = reason === 'tap-out' && !session.emergency
  return {
    facts: locked.facts,
    writes: [
      ...locked.writes,
      ...(isTapOut ? [touchGrace(needs.db, session.personId, when.lockedMs ?? needs.nowMs())] : []),
    ],
    notices: [
      ...locked.notices,
      ...(chartIsGone.has(reason) ? [leftNotice(session, 'ended')] : []),
    ],
  }
}
