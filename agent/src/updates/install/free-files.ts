// On Windows: makes the program's files free to be replaced while a session still runs them. What
// runs keeps its file under another name, elsewhere; in its place is the same one, which nobody has
// open. Nothing is ever missing but for an instant, and that is mended at the next start.

import * as fs from 'node:fs'
import { join } from 'node:path'

export interface FreeFilesNeeds {
  /** Where the program is installed. */
  readonly program: string
  /** For administrators alone, on the same drive: what still runs is left there. */
  readonly left: string
  /** Another one each time. */
  readonly name: () => string
}

/** A program, and what is loaded into one. */
const isHeld = /\.(exe|dll|node)$/i
const ending = '.wardkey-new'

/** Where one cannot be freed it stays as it is: Windows then asks for a restart. */
export function freeFiles({ program, left, name }: FreeFilesNeeds): void {
  fs.mkdirSync(left, { recursive: true, mode: 0o700 })
  for (const path of filesBelow(program)) {
    if (isHeld.test(path)) freeOne(path, join(left, name()))
  }
}

/** At a start: what was cut off is put in its place, and what has ended is taken away. */
export function mendFiles({ program, left }: Omit<FreeFilesNeeds, 'name'>): void {
  for (const next of filesBelow(program).filter((path) => path.endsWith(ending))) {
    const path = next.slice(0, -ending.length)
    if (fs.existsSync(path)) fs.rmSync(next, { force: true })
    else fs.renameSync(next, path)
  }
  for (const old of fs.existsSync(left) ? fs.readdirSync(left) : []) {
    // One that still runs goes another time.
    quietly(() => {
      fs.rmSync(join(left, old), { force: true })
    })
  }
}

function freeOne(path: string, away: string): void {
  const next = `${path}${ending}`
  quietly(() => {
    fs.copyFileSync(path, next)
    flush(next)
    try {
      fs.renameSync(path, away)
      fs.renameSync(next, path)
    } finally {
      if (!fs.existsSync(path)) fs.renameSync(away, path)
      fs.rmSync(next, { force: true })
    }
  })
}

/** It is all there is of the program if the power goes now. */
function flush(path: string): void {
  const file = fs.openSync(path, 'r+')
  try {
    fs.fsyncSync(file)
  } finally {
    fs.closeSync(file)
  }
}

/** The system says no: that file is in use, or on another drive. */
function quietly(act: () => void): void {
  try {
    act()
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
  }
}

function filesBelow(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return []
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
}
