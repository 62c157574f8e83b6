// Simulated workstations of the benchmark: sockets with certificates of their own, and when which
// frame was in hand at each. While a round runs, nothing is done with a frame but to note it.

import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { parseBrokerFrame } from '@wardkey/protocol/workstation/parse-frame'
import { protocolVersion, subprotocol } from '@wardkey/protocol/workstation/version'

export interface ScreenIdentity {
  readonly certificatePem: string
  readonly keyPem: string
  /** Whom it believes. */
  readonly caPem: string
}

export interface Arrival {
  readonly atMs: number
  readonly text: string
}

/** What never comes is a failure, and no long wait. */
const withinMs = 30_000
const pingMs = 10_000

export class Screens {
  readonly #sockets: WebSocket[] = []
  readonly #pinging: NodeJS.Timeout
  /** How the first one was closed that was closed by the other side. */
  #lost: number | undefined
  #hear: (at: number, data: Buffer) => void = () => undefined

  constructor() {
    this.#pinging = setInterval(() => {
      for (const socket of this.#sockets) socket.ping()
    }, pingMs)
  }

  get size(): number {
    return this.#sockets.length
  }

  async dial(url: string, { certificatePem, keyPem, caPem }: ScreenIdentity): Promise<number> {
    const socket = new WebSocket(url, subprotocol, {
      ca: caPem,
      cert: certificatePem,
      key: keyPem,
      perMessageDeflate: false,
    })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    const at = this.#sockets.push(socket) - 1
    socket.on('message', (data: Buffer) => {
      this.#hear(at, data)
    })
    socket.on('close', (code: number) => {
      this.#lost ??= code
    })
    return at
  }

  /** As an agent does after its handshake. */
  async greet(at: number): Promise<void> {
    const welcomed = this.gather([at])
    this.#say(at, {
      kind: 'hello',
      version: protocolVersion,
      agentVersion: 'bench',
      bootId: 'b007-0001',
      platform: 'linux',
      atMs: Date.now(),
    })
    await welcomed
  }

  /** All of them tap, each with her card; resolves when each is admitted. */
  async tap(places: readonly { readonly at: number; readonly card: string }[]): Promise<void> {
    const admitted = this.gather(places.map(({ at }) => at))
    for (const { at, card } of places) {
      const claim = { technology: 'csn', canonical: card }
      this.#say(at, { kind: 'tap', tapId: randomUUID(), card: claim, atMs: Date.now() })
    }
    for (const { text } of (await admitted).values()) expectKind(text, 'admitted')
  }

  /** The first frame at each of these from now on. Throws where one never comes. */
  gather(places: readonly number[]): Promise<ReadonlyMap<number, Arrival>> {
    const waiting = new Set(places)
    const arrived = new Map<number, Arrival>()
    const raw: { at: number; atMs: number; data: Buffer }[] = []
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        const lost = this.#lost === undefined ? '' : `, one was closed with ${String(this.#lost)}`
        reject(new Error(`${String(waiting.size)} workstations heard nothing${lost}`))
      }, withinMs)
      this.#hear = (at, data) => {
        if (!waiting.delete(at)) return
        raw.push({ at, atMs: performance.now(), data })
        if (waiting.size > 0) return
        clearTimeout(late)
        this.#hear = () => undefined
        for (const one of raw) {
          arrived.set(one.at, { atMs: one.atMs, text: one.data.toString('utf8') })
        }
        resolve(arrived)
      }
    })
  }

  close(): void {
    clearInterval(this.#pinging)
    for (const socket of this.#sockets) socket.terminate()
  }

  #say(at: number, frame: object): void {
    this.#sockets[at]?.send(JSON.stringify({ id: randomUUID(), ...frame }))
  }
}

/** What came is held to the protocol, once it is no longer timed. */
export function expectKind(text: string, kind: string): void {
  const parsed = parseBrokerFrame(text)
  const is = parsed.kind === 'invalid' ? 'no frame' : parsed.frame.kind
  if (is !== kind) throw new Error(`a workstation heard ${is} and not ${kind}`)
}
