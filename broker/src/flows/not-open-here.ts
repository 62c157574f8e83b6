// What a workstation is told of a session that it takes for open on its screen, and that is not: to
// lock it, and why, as far as we know.

import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { findLiving } from '../sessions/living-session.ts'
import { findWorkstation } from './find-workstation.ts'
import { newMessageId } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'

export async function notOpenHere(
  claimed: SessionId,
  here: WorkstationId,
  needs: FlowNeeds,
): Promise<BrokerFrameOf<'lock'>> {
  const session = await findLiving(needs.db, claimed)
  const isElsewhere = session !== undefined && session.workstationId !== here
  const movedTo = isElsewhere
    ? (await findWorkstation(needs.db, session.workstationId))?.place
    : undefined
  return {
    kind: 'lock',
    id: newMessageId(needs),
    sessionId: claimed,
    code: isElsewhere ? 'session-moved' : 'session-ended',
    ...(movedTo === undefined ? {} : { movedTo }),
  }
}
