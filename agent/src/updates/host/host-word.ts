// What the service of Windows and the part that installs say to each other, in the folder of the
// system alone: whose the part is, and whether an update is under way. A file each, since either
// may be gone when the other looks.

import { join } from 'node:path'
import { z } from 'zod'
import type { Disk } from '../../platform/disk.ts'
import { trial } from '../trial.ts'

const hostFile = z.strictObject({ version: z.literal(1), run: z.uuid().optional() })

export class HostWord {
  readonly #own: string
  readonly #disk: Pick<Disk, 'read' | 'replace'>

  constructor(own: string, disk: Pick<Disk, 'read' | 'replace'>) {
    this.#own = own
    this.#disk = disk
  }

  /** From now on it is that one's; without one, nobody's. */
  async keep(run: string | undefined): Promise<void> {
    const file = { version: 1, ...(run === undefined ? {} : { run }) }
    await this.#disk.replace(join(this.#own, 'host.json'), Buffer.from(JSON.stringify(file)))
  }

  /** What cannot be read is nobody's: the part ends, and whoever is there begins another. */
  isFor(run: string): boolean {
    return this.#read('host.json', hostFile)?.run === run
  }

  /** Written down before anything is begun; what cannot be read is not cut off by us. */
  isUnderWay(): boolean {
    const path = join(this.#own, 'trial.json')
    if (!this.#disk.read(path)) return false
    return this.#read('trial.json', trial)?.step !== 'ended'
  }

  #read<T>(name: string, schema: z.ZodType<T>): T | undefined {
    const bytes = this.#disk.read(join(this.#own, name))
    try {
      return bytes && schema.safeParse(JSON.parse(bytes.toString('utf8'))).data
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown
      return undefined
    }
  }
}
