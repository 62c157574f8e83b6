// The number that HR knows a person by, for whoever has forgotten her badge: kept as a keyed hash
// to look up and sealed to show, like a badge's. It names somebody and proves nothing.

import { createHmac } from 'node:crypto'
import type { Kysely } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { seal, unseal } from '../platform/seal.ts'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'

type Db = Kysely<Schema>

/** HMAC-SHA-256 over the number in capitals, hex: people write "n-4711" and "N-4711". */
export function staffLookup(staffNumber: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(staffNumber.toUpperCase()).digest('hex')
}

/** Whose it is; nothing for a number that nobody has, or whose owner has left. */
export async function findByStaffNumber(db: Db, lookup: string): Promise<PersonId | undefined> {
  const row = await db
    .selectFrom('staff_number')
    .select('person_id')
    .where('lookup', '=', lookup)
    .executeTakeFirst()
  return row && personId.parse(row.person_id)
}

/**
 * Hers from now on, in place of one that she had. One owner at a time, by the unique index: of two
 * people who are given one number at once, the second conflicts.
 */
export function giveStaffNumber(
  db: Db,
  given: { readonly personId: PersonId; readonly lookup: string; readonly sealed: Uint8Array },
): Write {
  const row = { lookup: given.lookup, sealed: given.sealed, failures: 0, locked_until_ms: 0 }
  const query = db
    .insertInto('staff_number')
    .values({ person_id: given.personId, ...row, version: 1 })
    .onConflict((conflict) =>
      conflict
        .column('person_id')
        .doUpdateSet((eb) => ({ ...row, version: eb('staff_number.version', '+', 1) })),
    )
    .compile()
  return { query, expectRows: 1 }
}

/** Somebody else may have it after this. */
export function dropStaffNumber(db: Db, person: PersonId): Write {
  return { query: db.deleteFrom('staff_number').where('person_id', '=', person).compile() }
}

export async function sealedStaffNumber(db: Db, person: PersonId): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('staff_number')
    .select('sealed')
    .where('person_id', '=', person)
    .executeTakeFirst()
  return row?.sealed
}

export function sealStaffNumber(staffNumber: string, key: Uint8Array, person: PersonId): Buffer {
  return seal(staffNumber, key, `staff number ${person}`)
}

export function openStaffNumber(sealed: Uint8Array, key: Uint8Array, person: PersonId): string {
  return unseal(sealed, key, `staff number ${person}`)
}
