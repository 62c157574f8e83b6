// What a package puts on a Mac: every folder, file and link, in the order that both its archive
// and its list of contents have. Everything belongs to root.

import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

export interface Entry {
  /** `.` for the root, else `./Library/…`. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'link'
  /** With the kind's own bits, as stat has it. */
  readonly mode: number
  /** Of a file; of a link, where it leads. */
  readonly content: Buffer
}

const kindBits = { file: 0o100000, folder: 0o040000, link: 0o120000 } as const

/** Folders before what is in them, each level by name. */
export function entriesOf(root: string): readonly Entry[] {
  const found: Entry[] = []
  let level = ['.']
  while (level.length > 0) {
    const next: string[] = []
    for (const path of level) {
      found.push(entryAt(root, path))
      if (found.at(-1)?.kind !== 'folder') continue
      next.push(
        ...readdirSync(join(root, path))
          .toSorted()
          .map((name) => `${path}/${name}`),
      )
    }
    level = next
  }
  return found
}

function entryAt(root: string, path: string): Entry {
  const full = join(root, path)
  const stat = lstatSync(full)
  if (stat.isDirectory()) {
    return { path, kind: 'folder', mode: kindBits.folder | 0o755, content: Buffer.alloc(0) }
  }
  if (stat.isSymbolicLink()) {
    const content = Buffer.from(readlinkSync(full))
    return { path, kind: 'link', mode: kindBits.link | 0o755, content }
  }
  const mode = kindBits.file | ((stat.mode & 0o100) === 0 ? 0o644 : 0o755)
  return { path, kind: 'file', mode, content: readFileSync(full) }
}
