// What the record said last about a key, written in one unit with the fact that says the next: of
// brokers that are at it together, one commits and the others conflict.

import type { Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'

export interface KeyNote {
  readonly name: string
  /** Absent where nothing was said before. */
  readonly before: string | undefined
  readonly value: string
}

export function keyNoteWrite(
  { name, before, value }: KeyNote,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
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
