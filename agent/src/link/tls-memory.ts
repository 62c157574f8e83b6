// TLS sessions to come back with: a resumed handshake costs the broker half. Kept in memory, one a
// broker, and forgotten with the certificate they belong to.

import type { TLSSocket } from 'node:tls'
import type WebSocket from 'ws'
import type { BrokerAddress } from './enrol.ts'

export class TlsMemory {
  readonly #sessions = new Map<string, Buffer>()

  options(address: BrokerAddress): { session?: Buffer } {
    const session = this.#sessions.get(keyOf(address))
    return session ? { session } : {}
  }

  /** Takes the newest ticket; one that did not lead to a connection is not tried again. */
  watch(socket: WebSocket, address: BrokerAddress): void {
    this.#sessions.delete(keyOf(address))
    socket.on('upgrade', (response) => {
      const tls = response.socket as TLSSocket
      const session = tls.getSession()
      if (session) this.#sessions.set(keyOf(address), session)
      tls.on('session', (newer: Buffer) => {
        this.#sessions.set(keyOf(address), newer)
      })
    })
  }

  forget(): void {
    this.#sessions.clear()
  }
}

const keyOf = (address: BrokerAddress): string => `${address.host}:${String(address.port)}`
