// HR's groups as rows: by id, by name, with their members, and which groups somebody is in.

import type { Kysely } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { prepared } from '../../../store/prepared-query.ts'
import type { Schema } from '../../../store/schema.ts'
import { inParts } from './in-parts.ts'

type Db = Kysely<Schema>

export interface HrGroup {
  readonly id: string
  readonly client: string
  readonly displayName: string
  readonly externalId: string | null
  readonly createdMs: number
  readonly changedMs: number
  readonly version: number
}

export async function findGroup(db: Db, id: string): Promise<HrGroup | undefined> {
  const row = await db.selectFrom('hr_group').selectAll().where('id', '=', id).executeTakeFirst()
  return row && groupOf(row)
}

export async function findGroupByName(db: Db, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('hr_group')
    .select('id')
    .where('display_name', '=', name)
    .executeTakeFirst()
  return row?.id
}

export async function membersOf(db: Db, group: string): Promise<readonly PersonId[]> {
  const rows = await db
    .selectFrom('hr_group_member')
    .select('person_id')
    .where('group_id', '=', group)
    .orderBy('person_id')
    .execute()
  return rows.map((row) => personId.parse(row.person_id))
}

/** The names of the groups that somebody is in. */
export async function groupsOf(db: Db, person: PersonId): Promise<readonly string[]> {
  return (await groupNamesOf(db, person)).map(({ name }) => name)
}

const byMember = prepared<{ person: string }>()((db, hole) =>
  db
    .selectFrom('hr_group_member')
    .innerJoin('hr_group', 'hr_group.id', 'hr_group_member.group_id')
    .select(['hr_group.id', 'hr_group.display_name as name'])
    .where('hr_group_member.person_id', '=', hole('person'))
    .orderBy('hr_group.id'),
)

export async function groupNamesOf(db: Db, person: PersonId): Promise<readonly GroupName[]> {
  return (await db.executeQuery(byMember(db, { person }))).rows
}

export interface GroupName {
  readonly id: string
  readonly name: string
}

export async function groupsOfPeople(
  db: Db,
  people: readonly PersonId[],
): Promise<ReadonlyMap<string, readonly GroupName[]>> {
  const found = new Map<string, GroupName[]>()
  for (const some of inParts(people)) {
    const rows = await db
      .selectFrom('hr_group_member')
      .innerJoin('hr_group', 'hr_group.id', 'hr_group_member.group_id')
      .select(['hr_group_member.person_id', 'hr_group.id', 'hr_group.display_name'])
      .where('hr_group_member.person_id', 'in', some)
      .orderBy('hr_group.id')
      .execute()
    for (const row of rows) {
      const list = found.get(row.person_id) ?? []
      list.push({ id: row.id, name: row.display_name })
      found.set(row.person_id, list)
    }
  }
  return found
}

export function groupOf(row: Schema['hr_group']): HrGroup {
  return {
    id: row.id,
    client: row.client,
    displayName: row.display_name,
    externalId: row.external_id,
    createdMs: row.created_ms,
    changedMs: row.changed_ms,
    version: row.version,
  }
}
