// Where the two parts of an update lay things down for each other, and how a text of the other's is
// read: no link and no pipe is followed, and no more than a text's worth is taken.

import { constants } from 'node:fs'
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { z } from 'zod'

export interface HandOverPlaces {
  /** For the system alone. */
  readonly own: string
  readonly told: string
  /** The session's. */
  readonly packages: string
  readonly order: string
  readonly signs: string
  readonly noted: string
  readonly waits: string
}

export const handOverPlaces = (folder: string): HandOverPlaces => ({
  own: join(folder, 'own'),
  told: join(folder, 'told', 'told.json'),
  packages: join(folder, 'in', 'packages'),
  order: join(folder, 'in', 'order.json'),
  signs: join(folder, 'in', 'signs.json'),
  noted: join(folder, 'in', 'noted.json'),
  waits: join(folder, 'in', 'waits.json'),
})

/** Nine manifests of their greatest size, and a little. */
const textMax = 200_000
const unread = ['ENOENT', 'ELOOP', 'EACCES', 'EPERM', 'EBUSY', 'ENXIO', 'ENOTDIR', 'EISDIR']

/** Nothing where it is not there, cannot be had, or says nothing that is understood. */
export async function readSaid<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readText(path)
  if (text === undefined) return undefined
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}

/** Beside and renamed, so that whoever reads it reads a whole one. It outlives no power cut. */
export async function laySaid(path: string, said: unknown, isForAll = false): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: isForAll ? 0o755 : 0o700 })
  const next = `${path}.new`
  await rm(next, { force: true })
  const file = await open(next, 'wx', isForAll ? 0o644 : 0o600)
  try {
    await file.writeFile(JSON.stringify(said))
    if (isForAll && process.platform !== 'win32') await file.chmod(0o644)
  } finally {
    await file.close()
  }
  await rename(next, path)
}

/** Windows opens no file without following: it is looked at first, with the folder it is in. */
export async function isLed(path: string): Promise<boolean> {
  for (const at of [path, dirname(path)]) {
    if ((await lstat(at)).isSymbolicLink()) return true
  }
  return false
}

async function readText(path: string): Promise<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  try {
    if (process.platform === 'win32' && (await isLed(path))) return undefined
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      const found = await file.stat()
      if (!found.isFile() || found.size > textMax) return undefined
      const bytes = Buffer.alloc(found.size)
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
      return bytes.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (thrown) {
    if (!unread.includes(codeOf(thrown))) throw thrown
    return undefined
  }
}

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
