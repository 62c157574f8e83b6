// Finding a person by what HR calls her: by keyed hashes, so that no name is in the open.

import { createHmac } from 'node:crypto'
import type { Kysely } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Schema } from '../../store/schema.ts'

type Db = Kysely<Schema>

/** One name in small and capital letters (RFC 7643 section 4.1.1: caseExact false). */
export function userNameLookup(userName: string, key: Uint8Array): string {
  return keyed(key, `user name ${userName.normalize('NFC').toLowerCase()}`)
}

/** Exact, and the client's own: two of HR's systems may use one number for two people. */
export function externalIdLookup(client: string, externalId: string, key: Uint8Array): string {
  return keyed(key, `external id ${JSON.stringify([client, externalId])}`)
}

function keyed(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

/** Whoever has that user name now; not who was deleted. */
export async function findByUserName(db: Db, lookup: string): Promise<PersonId | undefined> {
  const row = await db
    .selectFrom('person_hr')
    .select('person_id')
    .where('user_name_lookup', '=', lookup)
    .where('deleted_ms', 'is', null)
    .executeTakeFirst()
  return row && personId.parse(row.person_id)
}

/** Also who was deleted: HR may name her again. The one who is there comes first. */
export async function findByExternalId(
  db: Db,
  lookup: string,
): Promise<readonly { readonly personId: PersonId; readonly isDeleted: boolean }[]> {
  const rows = await db
    .selectFrom('person_hr')
    .select(['person_id', 'deleted_ms'])
    .where('external_id_lookup', '=', lookup)
    .orderBy('changed_ms', 'desc')
    .limit(16)
    .execute()
  return rows
    .map((row) => ({ personId: personId.parse(row.person_id), isDeleted: row.deleted_ms !== null }))
    .sort((a, b) => Number(a.isDeleted) - Number(b.isDeleted))
}
