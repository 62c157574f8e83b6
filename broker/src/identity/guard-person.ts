// The guard that holds a unit to what was read about a person. Whatever opens something for her or
// changes what she may do (status, roles, badges, PIN) raises the version of her row, so that one
// guard covers them all. Read the person before her sessions: then nothing falls between the two
// looks.

import type { Kysely } from 'kysely'
import type { PersonId } from '@wardkey/protocol/ids'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'

interface Versions {
  readonly person: string
  readonly was: number
  readonly next: number
}

const raising = prepared<Versions>()((db, hole) =>
  db
    .updateTable('person')
    .set({ version: hole('next') })
    .where('id', '=', hole('person'))
    .where('version', '=', hole('was')),
)

const guarding = prepared<Versions>()((db, hole) =>
  db
    .updateTable('person')
    .set({ version: hole('next') })
    .where('id', '=', hole('person'))
    .where('version', '=', hole('was'))
    .where('status', '=', 'active'),
)

/**
 * Conflicts where she is no longer active or anything about her changed. It raises the version
 * itself: a revocation that has read her open sessions conflicts with a tap that opens another,
 * whichever of them is committed first, on both engines.
 */
export function guardPerson(db: Kysely<Schema>, person: PersonId, version: number): Write {
  return { query: guarding(db, { person, was: version, next: version + 1 }), expectRows: 1 }
}

/** The same for changes that are allowed while she is not active. */
export function raisePerson(db: Kysely<Schema>, person: PersonId, version: number): Write {
  return { query: raising(db, { person, was: version, next: version + 1 }), expectRows: 1 }
}
