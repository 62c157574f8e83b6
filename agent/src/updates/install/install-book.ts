// What the part with the rights keeps for itself: whom it believes, and which way leads back. Two
// files that are there whole or not at all; one that does not parse stops everything.

import { join } from 'node:path'
import { z } from 'zod'
import { releaseKey, releaseVersion } from '@wardkey/protocol/workstation/updates/release'
import type { ReleaseTrust } from '@wardkey/protocol/workstation/updates/take-manifest'
import type { Disk } from '../../platform/disk.ts'
import { Fault } from '../../platform/fault.ts'

const trustFile = z.strictObject({
  version: z.literal(1),
  /** The key of the settings, as of when the others were learnt from it. */
  root: releaseKey,
  keys: z.tuple([releaseKey], releaseKey),
  seen: z.strictObject({ number: z.int().min(1), mark: z.string().max(100) }).optional(),
})

const wayBack = z.strictObject({
  version: z.literal(1),
  from: releaseVersion,
  to: releaseVersion,
  /** Of the package of `from`, as it was kept. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  keepsakes: z.array(z.string().max(2048)).max(16),
})
export type WayBack = Omit<z.infer<typeof wayBack>, 'version'>

export class InstallBook {
  readonly #disk: Disk
  readonly #root: string
  readonly #trustPath: string
  readonly #wayPath: string

  /** `root` is the release key of the settings. */
  constructor(folder: string, root: string, disk: Disk) {
    this.#disk = disk
    this.#root = root
    this.#trustPath = join(folder, 'trust.json')
    this.#wayPath = join(folder, 'way-back.json')
  }

  /** A key that was set anew begins anew, but is not led behind a number that was seen. */
  trust(): ReleaseTrust {
    const found = this.#read(this.#trustPath, trustFile)
    if (!found) return { keys: [this.#root] }
    const keys = found.root === this.#root ? found.keys : ([this.#root] as const)
    return { keys, ...(found.seen ? { seen: found.seen } : {}) }
  }

  keepTrust({ keys, seen }: ReleaseTrust): Promise<void> {
    const file = { version: 1, root: this.#root, keys, ...(seen ? { seen } : {}) }
    return this.#disk.replace(this.#trustPath, Buffer.from(JSON.stringify(file)))
  }

  wayBack(): WayBack | undefined {
    return this.#read(this.#wayPath, wayBack)
  }

  keepWayBack(way: WayBack): Promise<void> {
    return this.#disk.replace(this.#wayPath, Buffer.from(JSON.stringify({ version: 1, ...way })))
  }

  closeWayBack(): Promise<void> {
    return this.#disk.remove(this.#wayPath)
  }

  #read<T>(path: string, schema: z.ZodType<T>): T | undefined {
    const bytes = this.#disk.read(path)
    if (!bytes) return undefined
    try {
      return schema.parse(JSON.parse(bytes.toString('utf8')))
    } catch (cause) {
      // To begin anew would be to forget what was seen.
      throw new Fault('internal', 'permanent', { cause })
    }
  }
}
