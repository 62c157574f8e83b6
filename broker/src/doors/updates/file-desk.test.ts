// That the desk for files of releases keeps nothing open that it does not send, whatever the disk
// does.

import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FileDesk } from './file-desk.ts'

const name = 'wardkey-1.2.0-linux-x64.tar.gz'

describe.runIf(process.platform === 'linux')('a desk for files', () => {
  let folder: string
  let desk: FileDesk

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-file-desk-'))
    writeFileSync(join(folder, name), 'a release')
    desk = new FileDesk(folder)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })

  /** What this process has open in the folder. */
  const openHere = (): readonly string[] =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
      } catch {
        // The one that reads this list is gone by now.
        return false
      }
    })
  /** The real disk answers so seldom; the look of that number does. */
  const failLook = async (nth: number): Promise<void> => {
    const handle = await open(join(folder, name))
    const all = Object.getPrototypeOf(handle) as FileHandle
    await handle.close()
    const real = Reflect.get(all, 'stat') as () => Promise<never>
    const look = vi.spyOn(all, 'stat')
    for (let at = 1; at < nth; at++) look.mockImplementationOnce(real)
    look.mockRejectedValueOnce(new Error('EIO'))
  }

  it('keeps a file open for as long as it sends it', async () => {
    const opened = await desk.open(name, undefined, 'a')
    expect(openHere()).toHaveLength(1)
    if (opened.kind !== 'opened') throw new Error(opened.kind)
    await opened.sendTo(new PassThrough().resume())
    expect(openHere()).toEqual([])
  })
  it('keeps nothing open for a range that there is not, or for what is no file', async () => {
    mkdirSync(join(folder, 'wardkey-1.2.0-win32-x64.zip'))
    expect(await desk.open(name, 'bytes=90-', 'a')).toMatchObject({ kind: 'no-such-range' })
    const folderAsked = await desk.open('wardkey-1.2.0-win32-x64.zip', undefined, 'a')
    expect(folderAsked).toEqual({ kind: 'missing' })
    expect(openHere()).toEqual([])
  })
  it.each([1, 2])(
    'keeps nothing open where look %i at it fails, and serves the next',
    async (n) => {
      await failLook(n)
      await expect(desk.open(name, undefined, 'a')).rejects.toThrow('EIO')
      expect(openHere()).toEqual([])
      expect(await desk.open(name, 'bytes=90-', 'a')).toMatchObject({ kind: 'no-such-range' })
    },
  )
})
