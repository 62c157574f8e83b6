// A lock that is heard of late, of an opening that is over: counted as locked meanwhile, or moved
// on to another workstation. The record has when and why the screen was locked, once.

import { personId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import { noteTold } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { LockedHere } from './lock-here.ts'
import { bookTime } from './offline/clamp-time.ts'
import { findLeftByMove, isToldOf } from './timeline/read-left.ts'

type Told = Pick<LockedHere, 'facts' | 'writes'>

/** Nothing for any other opening, and nothing where it was told before. */
export async function leftBefore(
  frame: AgentFrameOf<'leave'>,
  workstation: WorkstationId,
  session: LivingSession | undefined,
  needs: FlowNeeds,
): Promise<Told | undefined> {
  return counted(frame, workstation, session, needs) ?? (await movedOn(frame, workstation, needs))
}

/** Counted as locked when its workstation was not heard of for too long. */
function counted(
  frame: AgentFrameOf<'leave'>,
  workstation: WorkstationId,
  session: LivingSession | undefined,
  needs: FlowNeeds,
): Told | undefined {
  if (session?.state !== 'locked' || session.isCounted !== true) return undefined
  if (session.workstationId !== workstation) return undefined
  if (frame.opening !== session.version - 1) return undefined
  const { ms: lockedMs, isAhead } = bookTime(frame.atMs, needs.nowMs(), session.openedMs)
  const fields = { reason: frame.reason, ...(isAhead ? { isAhead } : { lockedMs }) }
  const about = { person: session.personId, workstation, session: session.id, fields }
  return { facts: [newFact(needs, 'SES-008', about)], writes: [noteTold(needs.db, session)] }
}

/**
 * She went on elsewhere while its network was away: the record has it as open until then, and told
 * to lock, which nobody heard. It was locked before that, or later. Whatever became of the session
 * since, the record has which opening it was, and where.
 */
async function movedOn(
  frame: AgentFrameOf<'leave'>,
  workstation: WorkstationId,
  needs: FlowNeeds,
): Promise<Told | undefined> {
  const { sessionId: session, opening, reason } = frame
  if (opening === undefined) return undefined
  const left = await findLeftByMove(needs.db, { session, opening, workstation })
  if (!left || (await isToldOf(needs.db, { session, opening, workstation }, left.movedMs))) {
    return undefined
  }
  const { ms: lockedMs, isAhead } = bookTime(frame.atMs, needs.nowMs(), left.openedMs)
  const person = personId.safeParse(left.person).data
  const about = { ...(person ? { person } : {}), workstation, session }
  const fields = { reason, ...(isAhead ? { isAhead } : { lockedMs }), opening }
  return { facts: [newFact(needs, 'SES-008', { ...about, fields })], writes: [] }
}
