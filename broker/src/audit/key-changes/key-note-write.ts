// What was said last about a key, written only over what was read of it: of brokers that are at it
// together, one commits and the others conflict. What the record tells goes in one unit with its
// fact.

import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'

export interface KeyNote {
  readonly name: string
  /** Absent where nothing was said before. */
  readonly before: string | undefined
  readonly value: string
}

export function keyNoteWrite(
  { name, before, value }: KeyNote,
  { db, nowMs }: { readonly db: Kysely<Schema>; readonly nowMs: () => number },
): Write {
  const row = { value, at_ms: nowMs() }
  const query =
    before === undefined
      ? db
          .insertInto('key_note')
          .values({ name, ...row })
          .compile()
      : db
          .updateTable('key_note')
          .set(row)
          .where('name', '=', name)
          .where('value', '=', before)
          .compile()
  return { query, expectRows: 1 }
}
