// An open session together with where it is open, as the EHRs may know it.

import type { PersonId, SessionId, WorkstationId, ZoneId } from '@wardkey/protocol/ids'

/** A session that is open, at this workstation, by a person who is active, at the time of asking. */
export interface Seated {
  readonly sessionId: SessionId
  readonly workstationId: WorkstationId
  readonly personId: PersonId
  readonly roles: readonly string[]
  readonly zoneId: ZoneId
  readonly zoneKind: string
  /** The workstation's name as people call it. */
  readonly place: string
  readonly acr: string
  readonly amr: readonly string[]
  /** When the person last proved herself actively: the last PIN, not the last tap. */
  readonly pinAtMs: number
}
