// What the list of keys is made from: public halves of the keys of this broker, and the folder's
// names. Whoever is handed it has no key.

import { keyTypes, parseVerifierKey, verifierKey } from '../audit/signed-note.ts'
import type { Base } from '../broker-core.ts'
import type { Keyring } from '../flows/keys/list-keys.ts'
import { laterFilesMissing } from '../platform/authority/authority.ts'
import { findRecordOrder, printOf } from '../platform/keys/record-keys.ts'
import { witnessKeyOf } from './open-witnesses.ts'

const dayMs = 86_400_000

export function keyringOf(base: Base): Keyring {
  const { settings, keys, authority, sealer } = base
  const witness = parseVerifierKey(witnessKeyOf(base), keyTypes.cosignature)
  return {
    folder: { names: () => keys.folder.names() },
    findOrder: () => findRecordOrder(keys.folder),
    findRecordKey: (print) => {
      const key = keys.findRecordKey(print)
      return key && parseVerifierKey(verifierKey({ name: settings['record.origin'], key }))
    },
    chain: () => sealer.chain,
    ids: {
      bundle: printOf(keys.bundle),
      door: printOf(keys.server),
      witness: witness?.keyId.toString('hex') ?? '',
    },
    authority: () => {
      const { caSha256, beganMs, endsMs } = authority
      return { caSha256, beganMs, endsMs }
    },
    findNext: base.authorities.find,
    missing: (named) => laterFilesMissing(keys, named),
    signInIds: async (generation) => (await keys.findJwks(generation))?.map(({ kid }) => kid ?? ''),
    signInPeriodMs: settings['oidc.keyDays'] * dayMs,
  }
}
