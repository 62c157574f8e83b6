// What others hear when a session is locked, moved or ended.

import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { LivingSession } from '../sessions/living-session.ts'
import { newMessageId } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Notice } from './recorded.ts'

/** To the workstation where the session was: it locks and puts away that session's chart. */
export function lockNotice(
  was: Pick<LivingSession, 'id' | 'workstationId'>,
  code: BrokerFrameOf<'lock'>['code'],
  needs: Pick<FlowNeeds, 'newId'>,
  movedTo?: string,
): Notice {
  return {
    kind: 'to-workstation',
    workstationId: was.workstationId,
    frame: {
      kind: 'lock',
      id: newMessageId(needs),
      sessionId: was.id,
      code,
      ...(movedTo === undefined ? {} : { movedTo }),
    },
  }
}

export function leftNotice(
  was: Pick<LivingSession, 'id' | 'personId' | 'workstationId'>,
  because: 'moved' | 'ended' | 'revoked',
): Notice {
  const { personId, workstationId } = was
  return { kind: 'session-left', sessionId: was.id, personId, workstationId, because }
}

/** Screens first: an EHR that is slow to answer must not keep a chart in sight. */
export function screensFirst(notices: readonly Notice[]): readonly Notice[] {
  const isScreen = (notice: Notice): boolean => notice.kind === 'to-workstation'
  return [...notices.filter(isScreen), ...notices.filter((notice) => !isScreen(notice))]
}
