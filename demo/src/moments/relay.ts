// The wire between one workstation and the broker, as something that can be cut and joined again.
// It carries bytes and understands none of them.

import { createConnection, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

const host = '127.0.0.1'

export class Relay {
  readonly port: number
  readonly #server: Server
  readonly #ends = new Set<Socket>()
  #isCut = false

  private constructor(server: Server, toPort: number) {
    this.#server = server
    // A listening TCP server always has one.
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (near) => {
      this.#carry(near, toPort)
    })
  }

  static async open(toPort: number): Promise<Relay> {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, host, resolve)
    })
    return new Relay(server, toPort)
  }

  get isCut(): boolean {
    return this.#isCut
  }

  /** What is connected is torn, and nothing gets through until it is joined again. */
  cut(): void {
    this.#isCut = true
    for (const end of this.#ends) end.destroy()
  }

  join(): void {
    this.#isCut = false
  }

  async close(): Promise<void> {
    for (const end of this.#ends) end.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #carry(near: Socket, toPort: number): void {
    if (this.#isCut) {
      near.destroy()
      return
    }
    const far = createConnection({ host, port: toPort })
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#ends.add(end)
      end.pipe(other)
      // Either end's trouble is the wire's: both are torn.
      end.on('error', () => end.destroy())
      end.once('close', () => {
        this.#ends.delete(end)
        other.destroy()
      })
    }
  }
}
