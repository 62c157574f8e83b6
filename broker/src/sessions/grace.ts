// The grace window: until when a person's badge alone is enough. Writes only; whether it holds is
// policy's to say.

import type { Kysely } from 'kysely'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'

type Db = Kysely<Schema>

/** A tap renews the rolling limit; the time of the PIN, and with it the absolute one, stays. */
export function noteGrace(
  db: Db,
  grace: { personId: PersonId; zoneId: string; pinAtMs: number; nowMs: number },
): Write {
  const query = db
    .insertInto('grace')
    .values({
      person_id: grace.personId,
      zone_id: grace.zoneId,
      pin_at_ms: grace.pinAtMs,
      last_ms: grace.nowMs,
    })
    .onConflict((conflict) =>
      conflict.column('person_id').doUpdateSet({
        zone_id: grace.zoneId,
        pin_at_ms: grace.pinAtMs,
        last_ms: grace.nowMs,
      }),
    )
    .compile()
  return { query, expectRows: 1 }
}

export function clearGrace(db: Db, person: PersonId): Write {
  return { query: db.deleteFrom('grace').where('person_id', '=', person).compile() }
}

/** A sign of activity renews the rolling limit only, and opens no window that is not there. */
export function touchGrace(db: Db, person: PersonId, nowMs: number): Write {
  const query = db
    .updateTable('grace')
    .set({ last_ms: nowMs })
    .where('person_id', '=', person)
    .where('last_ms', '<', nowMs)
    .compile()
  return { query }
}
