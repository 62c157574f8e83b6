// The two ends of a simulated connection, as the product's own classes take them: a WebSocket for
// the agent's link, an AgentSocket for the broker's door. No byte of them leaves this process.

import WebSocket from 'ws'
import { AgentSocket } from '@wardkey/broker/doors/workstations/agent-socket'
import { subprotocol } from '@wardkey/protocol/workstation/version'

export interface EndNeeds {
  readonly send: (text: string) => void
  readonly ping: () => void
  readonly close: (code: number) => void
  readonly terminate: () => void
}

/** As ws makes the ends of its own server; the types leave out that it looks into the options. */
const unconnected = [null, undefined, {}] as unknown as [null]

/** The agent's end. What is told to the network is the wire's; what is heard comes by `emit`. */
export class AgentEnd extends WebSocket {
  readonly #needs: EndNeeds

  constructor(needs: EndNeeds) {
    super(...unconnected)
    this.#needs = needs
  }

  opened(): void {
    // ws keeps these to itself and offers no other way to be open without a socket.
    Reflect.set(this, '_readyState', WebSocket.OPEN)
    Reflect.set(this, '_protocol', subprotocol)
    this.emit('open')
  }

  closed(code: number): void {
    if (this.readyState === WebSocket.CLOSED) return
    Reflect.set(this, '_readyState', WebSocket.CLOSED)
    this.emit('close', code, Buffer.alloc(0))
  }

  override send(data: unknown): void {
    this.#needs.send(String(data))
  }

  override ping(): void {
    this.#needs.ping()
  }

  override close(code = 1000): void {
    this.#needs.close(code)
  }

  override terminate(): void {
    this.#needs.terminate()
  }
}

export class BrokerEnd extends AgentSocket {
  readonly #needs: Omit<EndNeeds, 'ping'>

  constructor(needs: Omit<EndNeeds, 'ping'>) {
    super(...unconnected)
    this.#needs = needs
  }

  override send(data: unknown, onSent?: unknown): void {
    this.#needs.send(String(data))
    // Whoever waits for it waits for this machine's own buffers, and they have room.
    if (typeof onSent === 'function') void Promise.resolve().then(() => onSent())
  }

  override close(code = 1000): void {
    this.#needs.close(code)
  }

  override terminate(): void {
    this.#needs.terminate()
  }
}
