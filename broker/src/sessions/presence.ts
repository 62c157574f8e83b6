// Presence: intervals of evidence that a person is at a workstation, each with its kind and how much
// it is worth. Writes only; what presence means for a lock is policy's and the workstation's.

import type { Kysely } from 'kysely'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'

type Db = Kysely<Schema>

/** A tap is strong evidence of a badge, and less of its owner; with the PIN it is hers. */
export const confidenceOf = { 'badge-and-pin': 0.95, 'badge-alone': 0.8 } as const

export interface Arrival {
  readonly id: string
  readonly sessionId: SessionId
  readonly personId: PersonId
  readonly workstationId: WorkstationId
  readonly kind: string
  readonly confidence: number
  readonly nowMs: number
}

export function beginPresence(db: Db, arrival: Arrival): Write {
  const query = db
    .insertInto('presence')
    .values({
      id: arrival.id,
      session_id: arrival.sessionId,
      person_id: arrival.personId,
      workstation_id: arrival.workstationId,
      kind: arrival.kind,
      confidence: arrival.confidence,
      from_ms: arrival.nowMs,
      until_ms: null,
    })
    .compile()
  return { query, expectRows: 1 }
}

/** Closes whatever stands for a session; there may be nothing, and that is no conflict. */
export function endPresence(db: Db, session: SessionId, nowMs: number): Write {
  const query = db
    .updateTable('presence')
    .set({ until_ms: nowMs })
    .where('session_id', '=', session)
    .where('until_ms', 'is', null)
    .compile()
  return { query }
}
