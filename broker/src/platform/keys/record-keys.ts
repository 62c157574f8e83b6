// The record's keys after its first: each in a file of its own, named by its public half, and never
// taken away; and the order that says which one is to sign next. Which one signs now the record
// says, not this folder.

import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { keyChangeReason } from '@wardkey/protocol/admin/keys/key-words'
import { keyFault } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'
import { findSealedKey, keepSealedKey } from './private-keys.ts'

export const recordOrderFile = 'record.change'

const order = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{16}$/),
  reason: keyChangeReason,
  /** `prepared`: made, so that others can be told its public half; not to be used yet. */
  state: z.enum(['prepared', 'ordered']),
})
export type RecordKeyOrder = z.infer<typeof order>

/** Names a key by its public half. */
export function printOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  const bytes = publicKey.export({ format: 'der', type: 'spki' })
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

/** Throws Fault `key-missing` where the file is there and holds something else. */
export function findRecordOrder(folder: KeyFolder): RecordKeyOrder | undefined {
  const text = folder.find(recordOrderFile)
  if (text === undefined) return undefined
  try {
    return order.parse(JSON.parse(text))
  } catch (cause) {
    throw keyFault(`${recordOrderFile}: it is not understood; order the change anew`, cause)
  }
}

/**
 * Makes the next key, or takes the one that was prepared, and writes down what is to become of it.
 * The key is there before the order is: killed in between, there is a key that nobody uses.
 */
export function orderRecordKey(
  folder: KeyFolder,
  root: Uint8Array,
  { reason, state }: Pick<RecordKeyOrder, 'reason' | 'state'>,
): KeyObject {
  const before = findRecordOrder(folder)
  const prepared =
    before?.state === 'prepared' ? findRecordKey(folder, root, before.key) : undefined
  const key = prepared ?? generateKeyPairSync('ed25519').privateKey
  const print = printOf(key)
  if (!prepared) keepSealedKey(folder, root, nameOf(print), key)
  folder.replace(recordOrderFile, `${JSON.stringify({ key: print, reason, state })}\n`)
  return key
}

/** Nothing where there is none of this name. */
export const findRecordKey = (
  folder: KeyFolder,
  root: Uint8Array,
  print: string,
): KeyObject | undefined => findSealedKey(folder, root, nameOf(print))

const nameOf = (print: string): string => `record-${print}`
