// The master key: 32 random bytes from which every other secret is derived or under which it is
// sealed. It is never used for anything itself.

import { hkdfSync, randomBytes } from 'node:crypto'
import { keyFault } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'

const masterBytes = 32
const masterFile = 'master.key'
/** Changes only with a new way of deriving: then old data needs the old way too. */
const salt = 'wardkey broker keys 1'

export type MasterKey = Buffer

/** From settings (`masterKey`) where it is given there, otherwise from the folder. */
export function openMasterKey(folder: KeyFolder, given: string): MasterKey {
  if (given !== '') return parseMaster(given, 'masterKey')
  const text = folder.find(masterFile)
  if (text === undefined) {
    throw keyFault(`${folder.path}: there is no ${masterFile}; run wardkey-broker init`)
  }
  return parseMaster(text.trim(), masterFile)
}

/** False where there is one already. */
export function makeMasterKey(folder: KeyFolder): boolean {
  return folder.create(masterFile, `${randomBytes(masterBytes).toString('base64url')}\n`)
}

export function hasMasterKey(folder: KeyFolder): boolean {
  return folder.find(masterFile) !== undefined
}

/** One purpose, one key (RFC 5869): what leaks for one of them tells nothing of the others. */
export function deriveKey(master: MasterKey, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', master, salt, purpose, bytes))
}

function parseMaster(text: string, name: string): MasterKey {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== masterBytes || bytes.toString('base64url') !== text) {
    throw keyFault(`${name}: it does not hold 32 bytes in base64url`)
  }
  return bytes
}
