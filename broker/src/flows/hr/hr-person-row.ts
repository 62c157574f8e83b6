// A person as HR knows her, as a row: opened with her own key, and the writes that add and change
// it. No name is in the open.

import type { Kysely, Selectable } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { parseAccessFacts } from '../../identity/access-facts.ts'
import { parseTexts } from '../../identity/json-column.ts'
import { personOf } from '../../identity/people.ts'
import type { Person } from '../../identity/people.ts'
import { seal, unseal } from '../../platform/seal.ts'
import { prepared } from '../../store/prepared-query.ts'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import { externalIdLookup, userNameLookup } from './hr-lookups.ts'
import { hrIdentity } from './hr-record.ts'
import type { Employment, HrRecord } from './hr-record.ts'

type Db = Kysely<Schema>

export interface HrPerson {
  readonly personId: PersonId
  readonly client: string
  readonly record: HrRecord
  readonly employment: Employment
  readonly isMapped: boolean
  readonly createdMs: number
  readonly changedMs: number
  readonly deletedMs: number | null
  /**
   * Of what HR said: the ETag. Taps do not raise it, as they do the person's own. 0 where an
   * administrator said what HR's system calls her, and it has not spoken yet.
   */
  readonly version: number
}

export type HrRow = Selectable<Schema['person_hr']> & { readonly access: string }

export function hrRows(db: Db) {
  return db
    .selectFrom('person_hr')
    .innerJoin('person', 'person.id', 'person_hr.person_id')
    .selectAll('person_hr')
    .select('person.access')
}

const byPerson = prepared<{ person: string }>()((db, hole) =>
  hrRows(db).where('person_hr.person_id', '=', hole('person')),
)

export async function findHrRow(db: Db, person: PersonId): Promise<HrRow | undefined> {
  const { rows } = await db.executeQuery(byPerson(db, { person }))
  return rows[0]
}

const withPerson = prepared<{ person: string }>()((db, hole) =>
  hrRows(db)
    .where('person_hr.person_id', '=', hole('person'))
    .select(['person.status', 'person.roles', 'person.name_sealed', 'person.held_ms'])
    .select('person.version as person_version'),
)

/** Who she is here and what HR said of her, in one question. */
export async function findHrPerson(
  db: Db,
  id: PersonId,
): Promise<{ readonly person: Person; readonly row: HrRow } | undefined> {
  const [row] = (await db.executeQuery(withPerson(db, { person: id }))).rows
  return row && { row, person: personOf({ ...row, id, version: row.person_version }) }
}

/** Throws where the bytes were changed or the key is another's. */
export function openHrRow(row: HrRow, key: Uint8Array): HrPerson {
  const identity = hrIdentity.parse(
    JSON.parse(unseal(row.attributes_sealed, key, sealedFor(row.person_id))),
  )
  const given = (name: string, value: string | null) => (value === null ? {} : { [name]: value })
  return {
    personId: personId.parse(row.person_id),
    client: row.client,
    record: {
      identity,
      place: {
        ...given('jobCode', row.job_code),
        ...given('department', row.department),
        ...given('division', row.division),
        ...given('costCenter', row.cost_center),
        ...given('location', row.location),
        ...given('company', row.company),
        ...given('managerId', row.manager_id),
        ...given('sponsorId', row.sponsor_id),
        scimRoles: [...parseTexts(row.scim_roles)],
      },
      access: parseAccessFacts(row.access),
    },
    employment: row.employment,
    isMapped: row.is_mapped === 1,
    createdMs: row.created_ms,
    changedMs: row.changed_ms,
    deletedMs: row.deleted_ms,
    version: row.version,
  }
}

export interface HrRowKeys {
  /** Of the look-up hashes. */
  readonly hrKey: Uint8Array
  /** The person's own. */
  readonly key: Uint8Array
}

export function insertHrRow(
  db: Db,
  person: HrPerson,
  dueMs: number | undefined,
  keys: HrRowKeys,
): Write {
  const query = db
    .insertInto('person_hr')
    .values({
      person_id: person.personId,
      ...saidColumns(person, dueMs, keys),
      ...foundColumns(person, keys),
    })
    .compile()
  return { query, expectRows: 1 }
}

/**
 * Conflicts where anybody changed it meanwhile. What she is found by is only written where it is
 * other than it was: each of its indexes would be written with it.
 */
export function updateHrRow(
  db: Db,
  was: HrPerson,
  person: HrPerson,
  dueMs: number | undefined,
  keys: HrRowKeys,
): Write {
  const guard = { personId: person.personId, was: was.version }
  const said = saidColumns(person, dueMs, keys)
  const query = isFoundAsBefore(was, person)
    ? changingSaid(db, { ...said, ...guard })
    : changing(db, { ...said, ...foundColumns(person, keys), ...guard })
  return { query, expectRows: 1 }
}

/** Who was deleted may have been forgotten, and what she was found by with her. */
function isFoundAsBefore(was: HrPerson, next: HrPerson): boolean {
  const [before, after] = [was.record.identity, next.record.identity]
  return (
    was.deletedMs === null &&
    next.deletedMs === null &&
    was.client === next.client &&
    was.isMapped === next.isMapped &&
    was.createdMs === next.createdMs &&
    before.userName === after.userName &&
    before.externalId === after.externalId
  )
}

type Said = ReturnType<typeof saidColumns>
type Found = ReturnType<typeof foundColumns>
interface Guard {
  readonly personId: string
  readonly was: number
}

const changing = prepared<Said & Found & Guard>()((db, hole) =>
  db
    .updateTable('person_hr')
    .set({ ...saidHoles(hole), ...foundHoles(hole) })
    .where('person_id', '=', hole('personId'))
    .where('version', '=', hole('was')),
)

const changingSaid = prepared<Said & Guard>()((db, hole) =>
  db
    .updateTable('person_hr')
    .set(saidHoles(hole))
    .where('person_id', '=', hole('personId'))
    .where('version', '=', hole('was')),
)

const saidHoles = (hole: <Name extends keyof Said>(name: Name) => Said[Name]): Said => ({
  attributes_sealed: hole('attributes_sealed'),
  employment: hole('employment'),
  job_code: hole('job_code'),
  department: hole('department'),
  division: hole('division'),
  cost_center: hole('cost_center'),
  location: hole('location'),
  company: hole('company'),
  manager_id: hole('manager_id'),
  sponsor_id: hole('sponsor_id'),
  scim_roles: hole('scim_roles'),
  changed_ms: hole('changed_ms'),
  due_ms: hole('due_ms'),
  version: hole('version'),
})

const foundHoles = (hole: <Name extends keyof Found>(name: Name) => Found[Name]): Found => ({
  client: hole('client'),
  user_name_lookup: hole('user_name_lookup'),
  external_id_lookup: hole('external_id_lookup'),
  is_mapped: hole('is_mapped'),
  created_ms: hole('created_ms'),
  deleted_ms: hole('deleted_ms'),
})

/** What indexes are of; the same for nearly every change. */
function foundColumns(person: HrPerson, { hrKey }: Pick<HrRowKeys, 'hrKey'>) {
  const { userName, externalId } = person.record.identity
  return {
    client: person.client,
    user_name_lookup: userNameLookup(userName, hrKey),
    external_id_lookup:
      externalId === undefined ? null : externalIdLookup(person.client, externalId, hrKey),
    is_mapped: person.isMapped ? 1 : 0,
    created_ms: person.createdMs,
    deleted_ms: person.deletedMs,
  }
}

function saidColumns(person: HrPerson, dueMs: number | undefined, { key }: Pick<HrRowKeys, 'key'>) {
  const { identity, place } = person.record
  return {
    attributes_sealed: seal(JSON.stringify(identity), key, sealedFor(person.personId)),
    employment: person.employment,
    job_code: place.jobCode ?? null,
    department: place.department ?? null,
    division: place.division ?? null,
    cost_center: place.costCenter ?? null,
    location: place.location ?? null,
    company: place.company ?? null,
    manager_id: place.managerId ?? null,
    sponsor_id: place.sponsorId ?? null,
    scim_roles: JSON.stringify(place.scimRoles),
    changed_ms: person.changedMs,
    due_ms: dueMs ?? null,
    version: person.version,
  }
}

const sealedFor = (person: string): string => `hr ${person}`
