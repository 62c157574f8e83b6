// What the session's agent keeps of updates over its restarts: whom it believes, and for which
// release it made room. Only so that it fetches nothing in vain: whoever installs keeps its own.

import { join } from 'node:path'
import { z } from 'zod'
import { releaseKey, releaseVersion } from '@wardkey/protocol/workstation/updates/release'
import type { ReleaseTrust } from '@wardkey/protocol/workstation/updates/take-manifest'
import type { Disk } from '../../platform/disk.ts'
import { readSaid } from '../hand-over/hand-over-places.ts'
import type { Left } from './next-steps.ts'

const book = z.strictObject({
  version: z.literal(1),
  /** The key of the settings, as of when the others were learnt from it. */
  root: releaseKey,
  keys: z.tuple([releaseKey], releaseKey),
  seen: z.strictObject({ number: z.int().min(1), mark: z.string().max(100) }).optional(),
  left: z.strictObject({ release: releaseVersion, times: z.int().min(1).max(1000) }).optional(),
})

export class SessionBook {
  readonly #path: string
  readonly #root: string
  readonly #disk: Pick<Disk, 'replace'>
  #trust: ReleaseTrust
  #left: Left | undefined
  /** One after the other: two would write over each other beside the file. */
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, root: string, disk: Pick<Disk, 'replace'>) {
    this.#path = path
    this.#root = root
    this.#disk = disk
    this.#trust = { keys: [root] }
  }

  /** `root` is the release key of the settings. What cannot be read is as if there were none. */
  static async open(
    dataDir: string,
    root: string,
    disk: Pick<Disk, 'replace'>,
  ): Promise<SessionBook> {
    const path = join(dataDir, 'updates.json')
    const opened = new SessionBook(path, root, disk)
    const found = await readSaid(path, book)
    if (!found) return opened
    const keys = found.root === root ? found.keys : ([root] as const)
    opened.#trust = { keys, ...(found.seen ? { seen: found.seen } : {}) }
    opened.#left = found.left
    return opened
  }

  get trust(): ReleaseTrust {
    return this.#trust
  }

  get left(): Left | undefined {
    return this.#left
  }

  async keepTrust(trust: ReleaseTrust): Promise<void> {
    if (JSON.stringify(trust) === JSON.stringify(this.#trust)) return
    this.#trust = trust
    await this.#write()
  }

  /** Before it ends: whatever it is then, it knows that it has tried. */
  async keepLeaving(release: string): Promise<void> {
    const times = this.#left?.release === release ? this.#left.times + 1 : 1
    this.#left = { release, times }
    await this.#write()
  }

  #write(): Promise<void> {
    const { keys, seen } = this.#trust
    const left = this.#left
    const all = { version: 1, root: this.#root, keys, ...(seen ? { seen } : {}) }
    const text = JSON.stringify({ ...all, ...(left ? { left } : {}) })
    const write = (): Promise<void> => this.#disk.replace(this.#path, Buffer.from(text))
    // What went wrong before was told to whoever asked for it.
    const written = this.#writing.then(write, write)
    this.#writing = written
    return written
  }
}
