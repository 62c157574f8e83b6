// That there is one part that installs, and never two: a file that Windows opens for one process
// alone. It is free again once that one has gone, however it went. For Windows only.

import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** UV_FS_O_EXLOCK: opened so that nobody else opens it, to read or to write. */
const forOneAlone = 0x1000_0000

export interface HeldLock {
  close(): Promise<void>
}

export type TakeLock = () => Promise<HeldLock | 'held'>

export async function takeLoneLock(path: string): Promise<HeldLock | 'held'> {
  await mkdir(dirname(path), { recursive: true })
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | forOneAlone, 0o600)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EBUSY') return 'held'
    throw thrown
  }
}
