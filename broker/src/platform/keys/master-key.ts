// The master key: 32 random bytes, from a file, the environment or a program. It opens the root key
// (root-key.ts) and nothing else, so that another one can take its place at any time.

import { hkdfSync, randomBytes } from 'node:crypto'
import { keyFault } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'
import { outputOfCommand } from './master-command.ts'

const masterBytes = 32
export const masterFile = 'master.key'
/** Changes only with a new way of deriving: then old data needs the old way too. */
const salt = 'wardkey broker keys 1'

export type MasterKey = Buffer

export interface MasterSettings {
  /** The master key itself where settings hold it; empty where it is elsewhere. */
  readonly masterKey: string
  /** A program that writes it; empty where it is in the folder. */
  readonly 'keys.masterCommand'?: readonly string[]
}

export const isMasterInFolder = (settings: MasterSettings): boolean =>
  settings.masterKey === '' && commandOf(settings).length === 0

/** From settings where it is given there, from their program, otherwise from the folder. */
export function openMasterKey(folder: KeyFolder, settings: MasterSettings): MasterKey {
  if (settings.masterKey !== '') return parseMaster(settings.masterKey, 'masterKey')
  const command = commandOf(settings)
  if (command.length > 0) return masterOf(outputOfCommand(command))
  const text = folder.find(masterFile)
  if (text === undefined) {
    throw keyFault(`${folder.path}: there is no ${masterFile}; run wardkey-broker init`)
  }
  return parseMaster(text.trim(), masterFile)
}

/** False where there is one already. */
export function makeMasterKey(folder: KeyFolder): boolean {
  return folder.create(masterFile, newMasterText())
}

export const newMasterText = (): string => `${randomBytes(masterBytes).toString('base64url')}\n`

export function hasMasterKey(folder: KeyFolder): boolean {
  return folder.find(masterFile) !== undefined
}

/** One purpose, one key (RFC 5869): what leaks for one of them tells nothing of the others. */
export function deriveKey(from: Uint8Array, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', from, salt, purpose, bytes))
}

export function parseMaster(text: string, name: string): MasterKey {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== masterBytes || bytes.toString('base64url') !== text) {
    throw keyFault(`${name}: it does not hold 32 bytes in base64url`)
  }
  return bytes
}

/** Programs write bytes as they are, or as text. */
function masterOf(output: Buffer): MasterKey {
  if (output.length === masterBytes) return output
  return parseMaster(output.toString('latin1').trim(), 'keys.masterCommand')
}

const commandOf = (settings: MasterSettings): readonly string[] =>
  settings['keys.masterCommand'] ?? []
