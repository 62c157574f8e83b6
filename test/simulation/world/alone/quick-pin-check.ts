// Stands in for the thread that checks PINs against a bundle, and for nothing else of them: how long
// it takes is kept, on virtual time. Counting and locking are the product's own (pin-tries).

import { createHash, createHmac } from 'node:crypto'
import { PinCheck } from '@wardkey/agent/offline/pin/pin-check'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'

export interface QuickPinCheckNeeds {
  readonly wait: (ms: number) => Promise<void>
  readonly takesMs: () => number
  /** Before a PIN is looked at, and what came of it. */
  readonly onLook: (hash: string) => void
  readonly onLooked: (hash: string, isMatch: boolean) => void
}

type Verifier = NonNullable<OfflinePerson['pin']>

/** As long as an argon2id hash takes, and shaped like one; made of what argon2id is run over. */
export const quickHash = (peppered: string): string =>
  `$argon2id$quick$${createHash('sha256').update(peppered).digest('base64url')}`

export class QuickPinCheck extends PinCheck {
  readonly #needs: QuickPinCheckNeeds

  constructor(needs: QuickPinCheckNeeds) {
    super()
    this.#needs = needs
  }

  override warm(): void {
    // There is no thread.
  }

  override get isBusy(): boolean {
    return false
  }

  override async matches(pin: string, { hash, pepper }: Verifier): Promise<boolean> {
    const { wait, takesMs, onLook, onLooked } = this.#needs
    onLook(hash)
    await wait(takesMs())
    const key = Buffer.from(pepper, 'base64url')
    const isMatch = quickHash(createHmac('sha256', key).update(pin).digest('base64url')) === hash
    onLooked(hash, isMatch)
    return isMatch
  }
}
