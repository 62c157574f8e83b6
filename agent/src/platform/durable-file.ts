// Files that are there whole or not at all, whatever happens to the power: written beside, flushed,
// renamed, and the folder flushed. For this user only.

import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Rejects where it is not durable; what was there before is then still there. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const next = `${path}.new`
  await rm(next, { force: true })
  const file = await open(next, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(next, path)
  await flushFolder(folder)
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(`${path}.new`, { force: true })
  await flushFolder(dirname(path))
}

/** Windows has no such thing, and keeps its names by itself. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r').catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  })
  try {
    await handle?.sync()
  } finally {
    await handle?.close()
  }
}
