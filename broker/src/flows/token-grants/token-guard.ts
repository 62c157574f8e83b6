// Whoever makes a token has read which ones there are; of two who make one of the same name at
// once, or alone, the second conflicts and reads again. Nothing here says who may.

import { keyNoteWrite } from '../../audit/key-changes/key-note-write.ts'
import type { Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'

/** To be read before the tokens are, and written in the unit that makes one. */
export async function guardTokens(what: string, needs: FlowNeeds): Promise<Write> {
  const name = `tokens ${what}`
  const row = await needs.db
    .selectFrom('key_note')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return keyNoteWrite({ name, before: row?.value, value: needs.newId() }, needs)
}
