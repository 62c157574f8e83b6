// The launch as the tap flow sees it: who lands where, as steps for the workstation and the ticket
// rows that must be durable before those steps are sent. The EHR adapters decide the rest.

import type { PersonId, SessionId, WorkstationId, ZoneId } from '@wardkey/protocol/ids'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'

export interface LaunchSubject {
  readonly sessionId: SessionId
  readonly personId: PersonId
  readonly roles: readonly string[]
  /** Policy was overridden: what an EHR is for by role does not keep her from the chart. */
  readonly isEmergency: boolean
  readonly zoneId: ZoneId
  readonly zoneKind: string
  readonly workstationId: WorkstationId
}

/** A launch ticket's row: only the hash is kept, so that a copy of the database opens nothing. */
export interface TicketRow {
  readonly hash: Uint8Array
  readonly sessionId: SessionId
  readonly workstationId: WorkstationId
  readonly expiresMs: number
}

export interface LaunchPlan {
  readonly steps: readonly LaunchStep[]
  readonly tickets: readonly TicketRow[]
}

/** Whether there is anything to open for her: where there is not, she is not let in to nothing. */
export type HasChart = (
  subject: Pick<LaunchSubject, 'roles' | 'isEmergency' | 'zoneKind'>,
) => boolean

/** Handed to the tap flow by main; pure but for the randomness of its tickets. */
export type PlanLaunch = (subject: LaunchSubject, nowMs: number) => LaunchPlan
