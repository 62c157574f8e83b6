// A chart's way was cut while it came, and the workstation asks for its steps once more. They lead to
// the broker that answers; nothing is opened by them that is not open on that screen already.

import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { findLiving } from '../sessions/living-session.ts'
import { landAgain } from './answer-again.ts'
import { findWorkstation } from './find-workstation.ts'
import { newFact } from './flow-needs.ts'
import { lockHere } from './lock-here.ts'
import { notOpenHere } from './not-open-here.ts'
import type { Recorded } from './recorded.ts'
import { findTap } from './tap-row.ts'
import type { TapInNeeds } from './tap-question.ts'

/**
 * Unlike a tap that is repeated, this is never decided anew: a session that was locked, moved or
 * ended meanwhile stays so, and its screen is told to lock.
 */
export async function launchAgain(
  { tapId, sessionId }: Pick<AgentFrameOf<'launch-again'>, 'tapId' | 'sessionId'>,
  at: WorkstationId,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const workstation = await findWorkstation(needs.db, at)
  const known = await findTap(needs.db, tapId)
  const isItsOwn =
    known?.workstationId === at &&
    known.answer.kind === 'admitted' &&
    known.sessionId === sessionId &&
    needs.nowMs() < known.expiresMs
  if (workstation?.status === 'active' && isItsOwn) {
    const landed = await landAgain({ tapId, workstationId: at }, known, workstation, needs)
    if (landed) return landed
  }
  return lockThere(sessionId, at, needs)
}

/** What is open there by our books, and not by that tap, is locked in them too: one truth. */
async function lockThere(
  claimed: SessionId,
  at: WorkstationId,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const session = await findLiving(needs.db, claimed)
  const isOpenThere = session?.state === 'open' && session.workstationId === at
  const locked = isOpenThere ? lockHere(session, 'not-on-screen', needs) : undefined
  const about = { workstation: at, session: claimed, fields: { reason: 'launch-again' } }
  return {
    answer: await notOpenHere(claimed, at, needs),
    facts: [newFact(needs, 'SES-102', about), ...(locked?.facts ?? [])],
    writes: locked?.writes ?? [],
    notices: locked?.notices ?? [],
  }
}
