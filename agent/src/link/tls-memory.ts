// TLS sessions to come back with: a resumed handshake costs the broker half. Kept in memory, one a
// broker, and forgotten with the certificate they belong to.

import type { TLSSocket } from 'node:tls'
import { addressText } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'

export class TlsMemory {
  readonly #sessions = new Map<string, Buffer>()

  /**
   * Taken out with it: one that does not lead to a connection is not tried again (RFC 8446 §C.4).
   */
  take(address: BrokerAddress): { session?: Buffer } {
    const key = addressText(address)
    const session = this.#sessions.get(key)
    this.#sessions.delete(key)
    return session ? { session } : {}
  }

  /** Only of a connection whose certificate was checked: a resumed one is not checked anew. */
  watch(tls: TLSSocket, address: BrokerAddress): void {
    const keep = (session: Buffer | undefined): void => {
      if (session) this.#sessions.set(addressText(address), session)
    }
    // In TLS 1.3 a ticket comes after the handshake: it may be here already, or on its way.
    keep(tls.getSession())
    tls.on('session', keep)
  }

  forget(): void {
    this.#sessions.clear()
  }
}
