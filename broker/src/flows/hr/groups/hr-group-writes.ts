// The writes that add, change and remove HR's groups and their members.

import type { Kysely } from 'kysely'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Schema } from '../../../store/schema.ts'
import type { Write } from '../../../store/store.ts'
import type { HrGroup } from './hr-group-row.ts'
import { inParts } from './in-parts.ts'

type Db = Kysely<Schema>

export function insertGroup(db: Db, group: HrGroup): Write {
  const query = db
    .insertInto('hr_group')
    .values({ id: group.id, ...columnsOf(group) })
    .compile()
  return { query, expectRows: 1 }
}

export function updateGroup(db: Db, was: Pick<HrGroup, 'version'>, group: HrGroup): Write {
  const query = db
    .updateTable('hr_group')
    .set(columnsOf(group))
    .where('id', '=', group.id)
    .where('version', '=', was.version)
    .compile()
  return { query, expectRows: 1 }
}

export function deleteGroup(db: Db, group: Pick<HrGroup, 'id' | 'version'>): readonly Write[] {
  const members = db.deleteFrom('hr_group_member').where('group_id', '=', group.id).compile()
  const own = db
    .deleteFrom('hr_group')
    .where('id', '=', group.id)
    .where('version', '=', group.version)
    .compile()
  return [{ query: own, expectRows: 1 }, { query: members }]
}

export function addMembers(db: Db, group: string, people: readonly PersonId[]): readonly Write[] {
  return inParts(people).map((some) => ({
    query: db
      .insertInto('hr_group_member')
      .values(some.map((person) => ({ group_id: group, person_id: person })))
      .compile(),
    expectRows: some.length,
  }))
}

export function dropMembers(db: Db, group: string, people: readonly PersonId[]): readonly Write[] {
  return inParts(people).map((some) => ({
    query: db
      .deleteFrom('hr_group_member')
      .where('group_id', '=', group)
      .where('person_id', 'in', some)
      .compile(),
    expectRows: some.length,
  }))
}

export function dropMemberships(db: Db, person: PersonId): Write {
  return { query: db.deleteFrom('hr_group_member').where('person_id', '=', person).compile() }
}

function columnsOf(group: HrGroup) {
  return {
    client: group.client,
    display_name: group.displayName,
    external_id: group.externalId,
    created_ms: group.createdMs,
    changed_ms: group.changedMs,
    version: group.version,
  }
}
