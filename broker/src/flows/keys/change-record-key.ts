// The record's key is changed by a fact in the record itself: both keys have signed it, and whoever
// seals it next, this broker or another, signs with the new one from there on.

import { encodeFact } from '../../audit/fact.ts'
import { isSame, keysOf } from '../../audit/key-changes/key-chain.ts'
import type { KeyChain } from '../../audit/key-changes/key-chain.ts'
import { keyChangeCode, signKeyChange } from '../../audit/key-changes/key-change.ts'
import { keyNoteWrite } from '../../audit/key-changes/key-note-write.ts'
import { parseVerifierKey, verifierKey } from '../../audit/signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../../audit/signed-note.ts'
import type { RecordKeyOrder } from '../../platform/keys/record-keys.ts'
import type { Store } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { purgeLooksAgain } from '../retention/hold-guards.ts'

export interface ChangeNeeds extends FlowNeeds {
  readonly store: Store
  /** As far as this broker has sealed. */
  readonly chain: KeyChain
  readonly first: NoteSigner
  readonly findSigner: (key: NoteVerifier) => NoteSigner | undefined
  readonly findKey: (print: string) => NoteSigner['key'] | undefined
}

const name = 'record'

/**
 * `changed` where this broker was it. `done` where the record has it already, or the order is not
 * to be carried out; `later` where another broker is at it, or a key is not in the folder yet.
 */
export async function changeRecordKey(
  order: RecordKeyOrder,
  needs: ChangeNeeds,
): Promise<'changed' | 'done' | 'later'> {
  if (order.state !== 'ordered') return 'done'
  const { chain, first, db, store } = needs
  const key = needs.findKey(order.key)
  const to = key && { name: first.name, key }
  const after = to && parseVerifierKey(verifierKey(to))
  if (!after) return 'later'
  if (keysOf(chain).some((one) => isSame(one, after))) return 'done'
  const [now] = chain.now
  const from = now && (now.key.equals(publicOf(first)) ? first : needs.findSigner(now))
  if (!now || !from) return 'later'
  const before = verifierKey(now)
  const known = await db
    .selectFrom('key_note')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  // A change that is committed and not sealed yet: from that key on, not from this one.
  if (known !== undefined && known.value !== before) return 'later'
  const note = signKeyChange(from, to, order.reason)
  const fields = { by: 'host', reason: order.reason, note }
  const fact = encodeFact(newFact(needs, keyChangeCode, { fields }))
  const value = verifierKey(to)
  const write = keyNoteWrite({ name, before: known?.value, value }, needs)
  const writes = [write, purgeLooksAgain(db)]
  const done = await store.commit({ kind: 'recorded', writes, facts: [fact] })
  return done.kind === 'committed' ? 'changed' : 'later'
}

const publicOf = (signer: NoteSigner): NoteVerifier['key'] => {
  const key = parseVerifierKey(verifierKey(signer))?.key
  if (!key) throw new Error('a signer without a key')
  return key
}
