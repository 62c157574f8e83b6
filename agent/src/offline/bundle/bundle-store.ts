// The one bundle that a workstation holds: on its disk sealed, so that a copy of the disk tells of
// nobody, and opened anew by its signature each time it is read. Whether it is too old is not asked
// here.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { removeFile, replaceFile } from '../../platform/durable-file.ts'
import type { Sealer } from '../../platform/seal.ts'

const bound = 'offline bundle'

export class BundleStore {
  readonly #path: string
  readonly #sealer: Sealer
  #last: Promise<void> = Promise.resolve()

  constructor(folder: string, sealer: Sealer) {
    this.#path = join(folder, 'offline-bundle')
    this.#sealer = sealer
  }

  /** The signed text, or nothing where there is none that this workstation has sealed. */
  find(): string | undefined {
    return existsSync(this.#path) ? this.#sealer.unseal(readFileSync(this.#path), bound) : undefined
  }

  /** Rejects where it is not durable. Writes take turns: the last one asked for is what stays. */
  keep(text: string): Promise<void> {
    return this.#inTurn(() => replaceFile(this.#path, this.#sealer.seal(text, bound)))
  }

  /** Gone at once; resolves when that is durable. */
  wipe(): Promise<void> {
    rmSync(this.#path, { force: true })
    return this.#inTurn(() => removeFile(this.#path))
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act)
    this.#last = done.catch(() => undefined)
    return done
  }
}
