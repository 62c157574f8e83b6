// Carries the flows' notices to the doors: what is durable reaches screens and EHRs from here.
// The doors need the flows and the flows these, so the doors are told to it once they stand.

import type { TellEhrs } from './doors/oidc/tell-ehrs.ts'
import type { WorkstationDoor } from './doors/workstations/workstation-door.ts'
import type { Notices } from './flows/perform.ts'
import type { Notice } from './flows/recorded.ts'

export interface NoticePost {
  readonly carry: Notices
  readonly joinWorkstations: (door: WorkstationDoor) => void
  readonly joinEhrs: (ehrs: TellEhrs) => void
}

export function makeNotices(): NoticePost {
  const doors: { workstations?: WorkstationDoor; ehrs?: TellEhrs } = {}
  return {
    joinWorkstations: (door) => {
      doors.workstations = door
    },
    joinEhrs: (ehrs) => {
      doors.ehrs = ehrs
    },
    carry: (notice) => carry(notice, doors.workstations, doors.ehrs),
  }
}

function carry(
  notice: Notice,
  door: WorkstationDoor | undefined,
  ehrs: TellEhrs | undefined,
): void | Promise<void> {
  switch (notice.kind) {
    case 'to-workstation':
      door?.connections.send(notice)
      return undefined
    case 'session-left':
      return ehrs?.sessionLeft(notice.sessionId, notice.workstationId, notice.personId)
    case 'workstation-changed':
      if (!notice.isRevoked) return door?.tellRulesAt(notice.workstationId)
      door?.connections.closeRevoked(notice.workstationId)
      return undefined
    case 'zone-changed':
      return door?.tellRules(notice.zoneId)
    // Tokens are judged against the open session at each use, so these need nobody to be told.
    case 'session-locked':
    case 'person-revoked':
      return undefined
  }
}
