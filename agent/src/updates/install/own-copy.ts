// A copy of one's own of what somebody else may still be writing: so many bytes and no more, whole
// on the disk, and hashed from there. Links and pipes are not followed.

import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { isLed } from '../hand-over/hand-over-places.ts'

const chunkBytes = 1024 * 1024

export type Copied = 'copied' | 'missing' | 'short' | 'too-large' | 'no-room'

/** `to` is left to the caller, whatever comes of it. It must not be there. */
export async function copyIn(from: string, to: string, bytes: number): Promise<Copied> {
  const source = await openPlain(from)
  if (!source) return 'missing'
  try {
    const { size } = await source.stat()
    if (size !== bytes) return size < bytes ? 'short' : 'too-large'
    const target = await open(to, 'wx', 0o600)
    try {
      return await pour(source, target, bytes)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Of a plain file, in hex; nothing where there is none. */
export async function sha256Of(path: string): Promise<string | undefined> {
  const file = await openPlain(path)
  if (!file) return undefined
  try {
    const hash = createHash('sha256')
    const stream = file.createReadStream({ autoClose: false, highWaterMark: chunkBytes })
    for await (const chunk of stream) {
      if (Buffer.isBuffer(chunk)) hash.update(chunk)
    }
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

async function pour(source: FileHandle, target: FileHandle, bytes: number): Promise<Copied> {
  const chunk = Buffer.alloc(chunkBytes)
  try {
    for (let done = 0; done < bytes;) {
      const wanted = Math.min(chunkBytes, bytes - done)
      const { bytesRead } = await source.read(chunk, 0, wanted, done)
      // It was cut while it was read.
      if (bytesRead === 0) return 'short'
      await target.writeFile(chunk.subarray(0, bytesRead))
      done += bytesRead
    }
    await target.sync()
    return 'copied'
  } catch (thrown) {
    if (isFull(thrown)) return 'no-room'
    throw thrown
  }
}

async function openPlain(path: string): Promise<FileHandle | undefined> {
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    if (process.platform === 'win32' && (await isLed(path))) return undefined
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    if ((await file.stat()).isFile()) return file
    await file.close()
    return undefined
  } catch (thrown) {
    if (['ENOENT', 'ELOOP', 'EACCES', 'ENXIO'].includes(codeOf(thrown))) return undefined
    throw thrown
  }
}

const isFull = (thrown: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(thrown))

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
