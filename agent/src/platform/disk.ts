// The disk as those see it who keep something on it that must outlive a kill, a power cut or a disk
// that is full: what is durable, and when. It knows nothing of what it keeps. Handed in, so that
// every way in which a disk fails can be tried.

import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { removeFile, replaceFile } from './durable-file.ts'

export interface Disk {
  /** Nothing where there is no such file. */
  read(path: string): Buffer | undefined
  /** Rejects where it is not durable; what was there before is then still there. */
  replace(path: string, bytes: Uint8Array): Promise<void>
  /** Resolves when that is durable. */
  remove(path: string): Promise<void>
  /** Gone at once for whoever reads, durably or not. */
  drop(path: string): void
  copy(path: string, to: string): void
  open(path: string): Promise<DiskFile>
}

/** A file that is there, to write on. */
export interface DiskFile {
  /** All of it from that place on, or it rejects; durable only once it was flushed. */
  write(bytes: Buffer, at: number): Promise<void>
  flush(): Promise<void>
  cut(length: number): Promise<void>
  close(): Promise<void>
}

export const ownDisk: Disk = {
  read: (path) => (existsSync(path) ? readFileSync(path) : undefined),
  replace: replaceFile,
  remove: removeFile,
  drop: (path) => {
    rmSync(path, { force: true })
  },
  copy: (path, to) => {
    copyFileSync(path, to)
  },
  open: async (path) => fileOf(await open(path, 'r+')),
}

function fileOf(handle: FileHandle): DiskFile {
  return {
    write: (bytes, at) => writeWhole(handle, bytes, at),
    flush: () => handle.datasync(),
    cut: (length) => handle.truncate(length),
    close: () => handle.close(),
  }
}

/** A disk that is nearly full takes a part and says so only in a number. */
async function writeWhole(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done)
    if (bytesWritten === 0) throw new Error('nothing was written')
    done += bytesWritten
  }
}
