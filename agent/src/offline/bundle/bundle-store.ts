// The one bundle that a workstation holds: on its disk sealed, so that a copy of the disk tells of
// nobody, and opened anew by its signature each time it is read. Whether it is too old is not asked
// here.

import { join } from 'node:path'
import { ownDisk } from '../../platform/disk.ts'
import type { Disk } from '../../platform/disk.ts'
import type { Sealer } from '../../platform/seal.ts'

const bound = 'offline bundle'

export class BundleStore {
  readonly #path: string
  readonly #sealer: Sealer
  readonly #disk: Disk
  #last: Promise<void> = Promise.resolve()

  constructor(folder: string, sealer: Sealer, disk: Disk = ownDisk) {
    this.#path = join(folder, 'offline-bundle')
    this.#sealer = sealer
    this.#disk = disk
  }

  /** The signed text, or nothing where there is none that this workstation has sealed. */
  find(): string | undefined {
    const sealed = this.#disk.read(this.#path)
    return sealed && this.#sealer.unseal(sealed, bound)
  }

  /** Rejects where it is not durable. Writes take turns: the last one asked for is what stays. */
  keep(text: string): Promise<void> {
    return this.#inTurn(() => this.#disk.replace(this.#path, this.#sealer.seal(text, bound)))
  }

  /** Gone at once; resolves when that is durable. */
  wipe(): Promise<void> {
    this.#disk.drop(this.#path)
    return this.#inTurn(() => this.#disk.remove(this.#path))
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act)
    this.#last = done.catch(() => undefined)
    return done
  }
}
