// The grace window: until when a person's badge alone is enough. Writes only; whether it holds is
// policy's to say.

import type { Kysely } from 'kysely'
import type { PersonId } from '@wardkey/protocol/ids'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'

type Db = Kysely<Schema>

export interface Grace {
  readonly personId: PersonId
  readonly zoneId: string
  readonly pinAtMs: number
  readonly nowMs: number
}

const noting = prepared<Grace>()((db, hole) =>
  db
    .insertInto('grace')
    .values({
      person_id: hole('personId'),
      zone_id: hole('zoneId'),
      pin_at_ms: hole('pinAtMs'),
      last_ms: hole('nowMs'),
    })
    .onConflict((conflict) =>
      conflict.column('person_id').doUpdateSet({
        zone_id: hole('zoneId'),
        pin_at_ms: hole('pinAtMs'),
        last_ms: hole('nowMs'),
      }),
    ),
)

/** A tap renews the rolling limit; the time of the PIN, and with it the absolute one, stays. */
export function noteGrace(db: Db, grace: Grace): Write {
  return { query: noting(db, grace), expectRows: 1 }
}

const clearing = prepared<{ person: string }>()((db, hole) =>
  db.deleteFrom('grace').where('person_id', '=', hole('person')),
)

export function clearGrace(db: Db, person: PersonId): Write {
  return { query: clearing(db, { person }) }
}

const touching = prepared<{ person: string; nowMs: number }>()((db, hole) =>
  db
    .updateTable('grace')
    .set({ last_ms: hole('nowMs') })
    .where('person_id', '=', hole('person'))
    .where('last_ms', '<', hole('nowMs')),
)

/** A sign of activity renews the rolling limit only, and opens no window that is not there. */
export function touchGrace(db: Db, person: PersonId, nowMs: number): Write {
  return { query: touching(db, { person, nowMs }) }
}
