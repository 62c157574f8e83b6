// The folder where keys are: only this user may look into it, and a file in it that others can read
// is refused, not used. It knows files and their rights, not what a key is for.

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../fault.ts'

export interface KeyFolder {
  readonly path: string
  /**
   * The file's text; nothing where there is none. Throws Fault `key-missing` where it is not
   * safe.
   */
  find(name: string): string | undefined
  /** Durable when it returns. False where the file is there already: a key is never overwritten. */
  create(name: string, text: string): boolean
  /**
   * For what may be made anew (certificates, another sealing of the same key): replaced as a whole,
   * or not at all.
   */
  replace(name: string, text: string): void
  /** Durable when it returns; one that is not there is as good as gone. */
  remove(name: string): void
  /** The names of all files in it. */
  names(): readonly string[]
}

/** The first administration token, as init writes it. */
export const adminTokenFile = 'admin.token'

const othersMask = 0o077
// Windows has no such modes; there the folder's own access list is the installer's.
const hasModes = process.platform !== 'win32'

/** Makes the folder where it is missing; one that others can enter is refused. */
export function makeKeyFolder(path: string): KeyFolder {
  if (!existsSync(path)) {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    if (hasModes) chmodSync(path, 0o700)
  }
  return openKeyFolder(path)
}

/** Throws Fault `key-missing` where the folder is not there, not ours, or open to others. */
export function openKeyFolder(path: string): KeyFolder {
  if (!existsSync(path)) throw keyFault(`${path}: there is no key folder; run wardkey-broker init`)
  refuseUnsafe(path, '700')
  return {
    path,
    find: (name) => findFile(join(path, name)),
    create: (name, text) => createFile(path, name, text),
    replace: (name, text) => {
      const next = join(path, `${name}.new`)
      rmSync(next, { force: true })
      writeFileSync(next, text, { mode: 0o600, flag: 'wx', flush: true })
      renameSync(next, join(path, name))
      flushFolder(path)
    },
    remove: (name) => {
      rmSync(join(path, name), { force: true })
      flushFolder(path)
    },
    names: () => readdirSync(path),
  }
}

export function keyFault(sentence: string, cause?: unknown): Fault {
  return new Fault('key-missing', 'permanent', {
    cause: new Error(sentence, cause === undefined ? {} : { cause }),
  })
}

function findFile(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  refuseUnsafe(path, '600')
  return readFileSync(path, 'utf8')
}

function refuseUnsafe(path: string, mode: string): void {
  if (!hasModes) return
  const stat = statSync(path)
  if ((stat.mode & othersMask) !== 0) {
    throw keyFault(`${path}: others can read it; run chmod ${mode} on it, and think of who did`)
  }
  if (stat.uid !== process.getuid?.()) {
    throw keyFault(`${path}: it belongs to another user than the one the broker runs as`)
  }
}

/**
 * Written beside and linked in: a reader sees the whole file or none, and of two writers one
 * wins.
 */
function createFile(folder: string, name: string, text: string): boolean {
  const path = join(folder, name)
  if (existsSync(path)) return false
  const next = join(folder, `${name}.${String(process.pid)}.new`)
  writeFileSync(next, text, { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(next, path)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false
    throw thrown
  } finally {
    rmSync(next, { force: true })
  }
  flushFolder(folder)
  return true
}

function flushFolder(folder: string): void {
  if (!hasModes) return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
