// Presence: intervals of evidence that a person is at a workstation, each with its kind and how
// much it is worth. Writes only; what presence means for a lock is policy's and the workstation's.

import type { Kysely } from 'kysely'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { prepared } from '../store/prepared-query.ts'
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

const beginning = prepared<Arrival>()((db, hole) =>
  db.insertInto('presence').values({
    id: hole('id'),
    session_id: hole('sessionId'),
    person_id: hole('personId'),
    workstation_id: hole('workstationId'),
    kind: hole('kind'),
    confidence: hole('confidence'),
    from_ms: hole('nowMs'),
    until_ms: null,
  }),
)

export function beginPresence(db: Db, arrival: Arrival): Write {
  return { query: beginning(db, arrival), expectRows: 1 }
}

const ending = prepared<{ session: string; nowMs: number }>()((db, hole) =>
  db
    .updateTable('presence')
    .set({ until_ms: hole('nowMs') })
    .where('session_id', '=', hole('session'))
    .where('until_ms', 'is', null),
)

/** Closes whatever stands for a session; there may be nothing, and that is no conflict. */
export function endPresence(db: Db, session: SessionId, nowMs: number): Write {
  return { query: ending(db, { session, nowMs }) }
}
