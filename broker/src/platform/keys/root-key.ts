// The root key: 32 random bytes from which all other keys are derived or under which they are
// sealed. It lies in the key folder, sealed under the master key; another master key seals this one
// file anew, and nothing else changes.

import { createHash, randomBytes } from 'node:crypto'
import { seal, unseal } from '../seal.ts'
import { keyFault } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'
import { deriveKey, hasMasterKey, makeMasterKey, masterFile } from './master-key.ts'
import { isMasterInFolder, newMasterText, openMasterKey, parseMaster } from './master-key.ts'
import type { MasterKey, MasterSettings } from './master-key.ts'

export const rootFile = 'root.key.sealed'
/** The master key that is about to take the place of the one in the folder. */
const nextMasterFile = `${masterFile}.next`
const rootBytes = 32
const bound = 'root-key'

/**
 * Throws Fault `key-missing` where it does not open under the master key. A change of the master
 * key that was broken off is brought to its end, or counts as not begun.
 */
export function openRootKey(folder: KeyFolder, settings: MasterSettings): Buffer {
  const sealed = folder.find(rootFile)
  const master = openMasterKey(folder, settings)
  // Folders of older releases have none: there the master key itself is what others come from.
  if (sealed === undefined) return master
  const root = unsealRoot(sealed, master)
  if (root) return root
  const next = isMasterInFolder(settings) ? folder.find(nextMasterFile) : undefined
  const after = next === undefined ? undefined : unsealRoot(sealed, parseNext(next))
  if (next === undefined || after === undefined) {
    throw keyFault(`${rootFile}: it does not open under this master key`)
  }
  folder.replace(masterFile, next)
  folder.remove(nextMasterFile)
  return after
}

/** False where there is one already. */
export function makeRootKey(folder: KeyFolder, master: MasterKey): boolean {
  return folder.create(rootFile, sealRoot(randomBytes(rootBytes), master))
}

/** Makes a master key in the folder where settings expect one there. False where there is one. */
export function makeMasterWhereNeeded(folder: KeyFolder, settings: MasterSettings): boolean {
  return isMasterInFolder(settings) && !hasMasterKey(folder) && makeMasterKey(folder)
}

/**
 * Another master key in the place of this one: a new one in the folder, or the one that is given,
 * which settings have to name from then on. Every moment of it can be the last: before the root
 * key's file is replaced the old one opens everything, after it the new one does.
 */
export function changeMasterKey(folder: KeyFolder, settings: MasterSettings, given?: string): void {
  const root = openRootKey(folder, settings)
  if (given !== undefined) {
    folder.replace(rootFile, sealRoot(root, parseMaster(given.trim(), 'the new master key')))
    return
  }
  if (!isMasterInFolder(settings)) {
    throw keyFault('the master key is not in the key folder: give the new one with --key-file')
  }
  const next = newMasterText()
  folder.replace(nextMasterFile, next)
  folder.replace(rootFile, sealRoot(root, parseNext(next)))
  folder.replace(masterFile, next)
  folder.remove(nextMasterFile)
}

/** Says which sealing this is and nothing of what is sealed; nothing where there is none. */
export function sealingOf(folder: KeyFolder): string | undefined {
  const sealed = folder.find(rootFile)
  if (sealed === undefined) return undefined
  return createHash('sha256').update(sealed).digest('hex').slice(0, 32)
}

function sealRoot(root: Buffer, master: MasterKey): string {
  return `${seal(root.toString('base64'), sealingKey(master), bound).toString('base64')}\n`
}

function unsealRoot(sealed: string, master: MasterKey): Buffer | undefined {
  try {
    const text = unseal(Buffer.from(sealed, 'base64'), sealingKey(master), bound)
    return Buffer.from(text, 'base64')
  } catch {
    // Another master key, or bytes that were changed: the caller says which file it was.
    return undefined
  }
}

const sealingKey = (master: MasterKey): Buffer => deriveKey(master, 'root-key')
const parseNext = (text: string): MasterKey => parseMaster(text.trim(), nextMasterFile)
