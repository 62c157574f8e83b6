// The key by which the broker signs what is no checkpoint: the one that is in force now, by the
// changes that the record itself has, sealed or not. It keeps no key.

import type { Kysely } from 'kysely'
import { Fault } from '../../platform/fault.ts'
import type { Schema } from '../../store/schema.ts'
import { RecordOnDisk } from '../record-on-disk.ts'
import { parseVerifierKey, verifierKey } from '../signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../signed-note.ts'
import { chainFrom, followChange, isSame } from './key-chain.ts'

export interface SignerNeeds {
  readonly db: Kysely<Schema>
  /** The record's first key. */
  readonly signer: NoteSigner
  /** Those that came after it; nothing where one of them is not here. */
  readonly findSigner?: (key: NoteVerifier) => NoteSigner | undefined
}

/**
 * Throws Fault `key-missing` where the folder lacks it, as that of another broker may have it first,
 * and `record-not-valid` where a change is none that the key before signed: then nothing is.
 */
export async function signerNow({ db, signer, findSigner }: SignerNeeds): Promise<NoteSigner> {
  const first = parseVerifierKey(verifierKey(signer))
  if (!first) throw new Fault('key-missing', 'permanent')
  const notes = await new RecordOnDisk(db).keyChanges()
  const { now } = notes.reduce(
    (chain, note) => {
      const next = followChange(chain, note)
      if (next) return next
      const cause = new Error('the record’s key is changed by a key that it does not have')
      throw new Fault('record-not-valid', 'permanent', { cause })
    },
    chainFrom([first]),
  )
  const [key = first] = now
  const found = isSame(key, first) ? signer : findSigner?.(key)
  if (found) return found
  const cause = new Error(`the record’s key ${key.keyId.toString('hex')} is not here`)
  throw new Fault('key-missing', 'permanent', { cause })
}
