// People as rows: what is read of them for those who administer, and the writes that change them.
// Every change raises the person's version (see guard-person).

import type { CompiledQuery, Kysely } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'
import type { AccessFacts, HeldException } from './access-facts.ts'
import { parseTexts } from './json-column.ts'

type Db = Kysely<Schema>
export type PersonStatus = Schema['person']['status']

export interface Person {
  readonly id: PersonId
  readonly status: PersonStatus
  readonly roles: readonly string[]
  readonly nameSealed: Uint8Array
  /** Since when security holds her back; null where it does not. */
  readonly heldMs: number | null
  readonly version: number
}

const byId = prepared<{ id: string }>()((db, hole) =>
  db.selectFrom('person').selectAll().where('id', '=', hole('id')),
)

export async function findPerson(db: Db, id: PersonId): Promise<Person | undefined> {
  const { rows } = await db.executeQuery(byId(db, { id }))
  return rows[0] && personOf(rows[0])
}

/** In the order they were added, `limit` at a time, after `after`. */
export async function listPeople(
  db: Db,
  page: { readonly after?: PersonId; readonly limit: number },
): Promise<readonly Person[]> {
  const all = db.selectFrom('person').selectAll().orderBy('id').limit(page.limit)
  const rows = await (page.after === undefined ? all : all.where('id', '>', page.after)).execute()
  return rows.map(personOf)
}

export function insertPerson(
  db: Db,
  person: {
    readonly id: PersonId
    readonly nameSealed: Uint8Array
    readonly roles: readonly string[]
    readonly status?: PersonStatus
    readonly access?: AccessFacts
    readonly nowMs: number
  },
): Write {
  const query = db
    .insertInto('person')
    .values({
      id: person.id,
      name_sealed: person.nameSealed,
      status: person.status ?? 'active',
      roles: JSON.stringify(person.roles),
      access: JSON.stringify(person.access ?? {}),
      created_ms: person.nowMs,
      version: 1,
    })
    .compile()
  return { query, expectRows: 1 }
}

export function changePersonRow(
  db: Db,
  was: Pick<Person, 'id' | 'version'>,
  change: {
    readonly status?: PersonStatus
    readonly roles?: readonly string[]
    readonly nameSealed?: Uint8Array
    readonly access?: AccessFacts
    readonly exceptions?: readonly HeldException[]
    readonly heldMs?: number | null
    readonly nowMs: number
  },
): Write {
  const { status, roles, access, exceptions, heldMs } = change
  const isAccess = [status, roles, access, exceptions].some((part) => part !== undefined)
  const columns = {
    ...(isAccess ? { access_ms: change.nowMs } : {}),
    ...(status === undefined ? {} : { status }),
    ...(roles === undefined ? {} : { roles: JSON.stringify(roles) }),
    ...(access === undefined ? {} : { access: JSON.stringify(access) }),
    ...(exceptions === undefined ? {} : { exceptions: exceptionsText(exceptions) }),
    ...(heldMs === undefined ? {} : { held_ms: heldMs }),
    ...(change.nameSealed === undefined ? {} : { name_sealed: change.nameSealed }),
  }
  const values = { ...columns, id: was.id, was: was.version, next: was.version + 1 }
  return { query: changingOf(columns)(db, values), expectRows: 1 }
}

/** Nearly everybody has none: then there is nothing. */
function exceptionsText(exceptions: readonly HeldException[]): string | null {
  return exceptions.length === 0 ? null : JSON.stringify(exceptions)
}

type Columns = Partial<Pick<Schema['person'], Changeable>>
type Changeable =
  'access_ms' | 'status' | 'roles' | 'access' | 'exceptions' | 'held_ms' | 'name_sealed'
type Changing = Columns & { readonly id: string; readonly was: number; readonly next: number }
/** By the columns that change: there are few such sets. */
const changing = new Map<string, (db: Db, values: Changing) => CompiledQuery>()

function changingOf(columns: Columns): (db: Db, values: Changing) => CompiledQuery {
  const names = Object.keys(columns).join(' ')
  const made = changing.get(names) ?? prepareChange(columns)
  changing.set(names, made)
  return made
}

function prepareChange(columns: Columns): (db: Db, values: Changing) => CompiledQuery {
  return prepared<Changing>()((db, hole) =>
    db
      .updateTable('person')
      .set({
        ...('access_ms' in columns ? { access_ms: hole('access_ms') } : {}),
        ...('status' in columns ? { status: hole('status') } : {}),
        ...('roles' in columns ? { roles: hole('roles') } : {}),
        ...('access' in columns ? { access: hole('access') } : {}),
        ...('exceptions' in columns ? { exceptions: hole('exceptions') } : {}),
        ...('held_ms' in columns ? { held_ms: hole('held_ms') } : {}),
        ...('name_sealed' in columns ? { name_sealed: hole('name_sealed') } : {}),
        version: hole('next'),
      })
      .where('id', '=', hole('id'))
      .where('version', '=', hole('was')),
  )
}

export function personOf(
  row: Pick<Schema['person'], 'id' | 'status' | 'roles' | 'name_sealed' | 'held_ms' | 'version'>,
): Person {
  return {
    id: personId.parse(row.id),
    status: row.status,
    roles: parseTexts(row.roles),
    nameSealed: row.name_sealed,
    heldMs: row.held_ms,
    version: row.version,
  }
}
