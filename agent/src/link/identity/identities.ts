// The identity of this workstation as it is now: kept before it is used, and with the authorities
// that its own vouches for. It asks nobody for another one.

import type { NextAuthority } from '@wardkey/protocol/workstation/fleet/next-authority'
import { systemClock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Identity, IdentityStore } from '../identity.ts'
import { withLearned, withNext } from '../next-authority.ts'

/** The identity as it is now; looked for again for as long as there is none. */
export class Identities {
  /** Told when there is another one. */
  onChange: () => void = () => undefined
  readonly #store: IdentityStore
  #current: Identity | undefined

  constructor(store: IdentityStore) {
    this.#store = store
  }

  current(): Identity | undefined {
    this.#current ??= this.#store.find()
    return this.#current
  }

  keep(renewed: Identity): void {
    const caPem = withLearned(renewed.caPem, this.#current?.caPem ?? '')
    const identity = { ...renewed, caPem }
    this.#store.keep(identity)
    this.#current = identity
    this.onChange()
  }

  /** Never throws: the line goes on by the present one, and the next welcome tells it again. */
  learn(next: NextAuthority, log: Log): void {
    const identity = this.current()
    if (!identity) return
    try {
      const caPem = withNext(identity.caPem, next, systemClock.wallMs())
      if (caPem === undefined) return
      this.#store.believe(caPem)
      this.#current = { ...identity, caPem }
      log.info('identity.next-authority-believed', {})
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.name : 'unknown'
      log.error('identity.next-authority-not-kept', { reason })
    }
  }
}
