// The record says that the master key was changed: the files say so first, since only the host can
// change it, and whichever broker sees it first writes it down. Nothing of a key is in the fact.

import { encodeFact } from '../../audit/fact.ts'
import { keyNoteWrite } from '../../audit/key-changes/key-note-write.ts'
import type { Store } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'

const name = 'master'

/** Folders of older releases have no sealing; the first change makes one. */
const noSealing = 'none'

/** True where it was news. What a record sees first is none. */
export async function noteMasterKey(
  found: string | undefined,
  needs: FlowNeeds & { readonly store: Store },
): Promise<boolean> {
  const sealing = found ?? noSealing
  const { db, store } = needs
  const known = await db
    .selectFrom('key_note')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  if (known?.value === sealing) return false
  const writes = [keyNoteWrite({ name, before: known?.value, value: sealing }, needs)]
  // Another broker that was first conflicts with us, and has said it.
  if (known === undefined) {
    await store.commit({ kind: 'housekeeping', writes })
    return false
  }
  const fact = newFact(needs, 'KEY-002', { fields: { by: 'host', sealing } })
  const done = await store.commit({ kind: 'recorded', writes, facts: [encodeFact(fact)] })
  return done.kind === 'committed'
}
