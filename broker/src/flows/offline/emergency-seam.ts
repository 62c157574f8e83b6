// Where emergency access meets working without the broker: what the one needs to be told of the
// other. Until emergency access is there, no zone offers any and nothing follows from it.

import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type { Fact } from '../../audit/fact.ts'
import type { ZoneSettings } from '../../policy/zone-settings.ts'
import type { Write } from '../../store/store.ts'
import type { Notice } from '../recorded.ts'

/** How long an emergency access lasts that a workstation gives by itself. */
export function emergencyLastsMs(_settings: ZoneSettings): number {
  return 0
}

/** An emergency access that a cut-off workstation gave, once it is over or is looked at. */
export interface OfflineEmergency {
  readonly personId: PersonId
  readonly witnessId: PersonId | undefined
  readonly sessionId: SessionId
  readonly workstationId: WorkstationId
  readonly zoneId: string
  readonly choice: ReasonChoice
  /** When a PIN was proved for it; 0 where none was. */
  readonly pinAtMs: number
  readonly fromMs: number
  readonly endedMs: number
}

/** The grant with its review, and compliance told: part of the unit that merges it. */
export type TakeEmergency = (emergency: OfflineEmergency) => Promise<{
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
}>
