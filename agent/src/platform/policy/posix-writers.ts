// Who else could write a file of the machine, where modes and owners say it: Linux and macOS. It
// looks at the file itself and at every folder that leads to it, and changes nothing.

import { realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface TrustedWriters {
  readonly uid: number
  /** Groups whose members may write as well: the system's administrators. */
  readonly gids: readonly number[]
}

/** macOS gives its administrators a group of their own. */
export function usualWriters(platform: string): TrustedWriters {
  return { uid: 0, gids: platform === 'darwin' ? [0, 80] : [0] }
}

/** What is wrong with it; nothing where only administrators can change what stands there. */
export function whoElseWrites(
  path: string,
  trusted: TrustedWriters,
  what: 'file' | 'folder' = 'file',
): string | undefined {
  const real = realpathSync(path)
  const found = statSync(real)
  // A pipe or a device would keep us waiting.
  if (what === 'file' ? !found.isFile() : !found.isDirectory()) return `${path}: is no ${what}`
  const flaw = flawOf(real, found, trusted)
  if (flaw !== undefined) return flaw
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    const wrong = flawOf(folder, statSync(folder), trusted)
    if (wrong !== undefined) return wrong
    if (folder === dirname(folder)) return undefined
  }
}

interface Owned {
  readonly uid: number
  readonly gid: number
  readonly mode: number
  isDirectory(): boolean
}

/** In a sticky folder nobody can rename what is another's: /tmp as a way is none. */
function flawOf(path: string, found: Owned, { uid, gids }: TrustedWriters): string | undefined {
  if (found.uid !== uid && found.uid !== 0) return `${path}: belongs to a user who is not root`
  const isSticky = found.isDirectory() && (found.mode & 0o1000) !== 0
  if (isSticky) return undefined
  if ((found.mode & 0o002) !== 0) return `${path}: everybody can write it`
  const isGroups = (found.mode & 0o020) !== 0 && !gids.includes(found.gid)
  return isGroups ? `${path}: a group that is not root’s can write it` : undefined
}
