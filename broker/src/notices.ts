// Carries the flows' notices to the doors: what is durable reaches screens and EHRs from here.
// The doors need the flows and the flows these, so the doors are told to it once they stand.

import type { TellEhrs } from './doors/oidc/tell-ehrs.ts'
import type { WorkstationDoor } from './doors/workstations/workstation-door.ts'
import type { Notices } from './flows/perform.ts'
import type { Notice } from './flows/recorded.ts'

export interface NoticePost {
  readonly carry: Notices
  /** Words may have been missed: every workstation here says hello again, and is told what is. */
  readonly doubtAll: () => void
  readonly joinWorkstations: (door: WorkstationDoor) => void
  readonly joinEhrs: (ehrs: TellEhrs) => void
  /** Told that there is news for compliance; it looks for itself what. */
  readonly joinCompliance: (desk: { wake(): void }) => void
  /** There is news for compliance that no notice of a flow tells of. */
  readonly wakeCompliance: () => void
  /** Told that the rules of a place have changed. */
  readonly joinRules: (apply: (place: string) => Promise<void>) => void
}

interface Doors {
  workstations?: WorkstationDoor
  ehrs?: TellEhrs
  compliance?: { wake(): void }
  rules?: (place: string) => Promise<void>
}

export function makeNotices(): NoticePost {
  const doors: Doors = {}
  return {
    joinWorkstations: (door) => {
      doors.workstations = door
    },
    joinEhrs: (ehrs) => {
      doors.ehrs = ehrs
    },
    joinCompliance: (desk) => {
      doors.compliance = desk
    },
    wakeCompliance: () => {
      doors.compliance?.wake()
    },
    joinRules: (apply) => {
      doors.rules = apply
    },
    carry: (notice) => carry(notice, doors),
    doubtAll: () => {
      const connections = doors.workstations?.connections
      const all = connections ? [...connections.all()] : []
      for (const { workstationId } of all) connections?.greetAnew(workstationId)
    },
  }
}

function carry(notice: Notice, doors: Doors): void | Promise<void> {
  const { workstations: door, ehrs } = doors
  switch (notice.kind) {
    case 'to-workstation':
      door?.connections.send(notice)
      return undefined
    case 'workstation-in-doubt':
      door?.connections.greetAnew(notice.workstationId)
      return undefined
    case 'session-left':
      return ehrs?.sessionLeft(notice.sessionId, notice.workstationId, notice.personId)
    case 'workstation-changed':
      if (!notice.isRevoked) return door?.tellRulesAt(notice.workstationId)
      door?.connections.closeRevoked(notice.workstationId)
      return undefined
    case 'zone-changed':
      return door?.tellRules(notice.zoneId)
    case 'rules-changed':
      return doors.rules?.(notice.place)
    case 'emergency-given':
      doors.compliance?.wake()
      return undefined
    // Tokens are judged against the open session at each use, so this needs nobody to be told.
    case 'session-locked':
      return undefined
    case 'person-revoked':
      door?.personOut(notice.personId, [])
      return undefined
    case 'role-lost':
      door?.personOut(notice.personId, notice.roles)
      return undefined
  }
}
