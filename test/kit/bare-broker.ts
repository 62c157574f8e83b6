// Something at the other end of an agent's link that does exactly what a test tells it to, well or
// badly: real TLS, a real WebSocket, and no broker behind it.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { Server, ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { WebSocket, WebSocketServer } from 'ws'
import { agentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { ThrowAwayAuthority } from './throw-away-authority.ts'

/** What has not come by then never will; a busy machine takes seconds to start a program. */
const waitMaxMs = 20_000

export interface BareBrokerSettings {
  readonly names?: readonly string[]
  readonly tls?: ServerOptions
  /** The status with which every upgrade is turned away. */
  readonly turnAway?: number
  readonly protocol?: string
  /** What it does with each socket; greets properly unless said otherwise. */
  readonly greet?: (socket: WebSocket, hello: AgentFrameOf<'hello'>) => void
  /** Notes by itself whatever must arrive. */
  readonly isNoting?: boolean
  /** Where it was before, to come back there. */
  readonly port?: number
}

export class BareBroker {
  readonly server: Server
  readonly frames: AgentFrame[] = []
  readonly resumed: boolean[] = []
  /** Whether the last connection showed a certificate of the authority. */
  readonly peers: boolean[] = []
  readonly #sockets = new WebSocketServer({ noServer: true })
  #latest: WebSocket | undefined
  #wake: () => void = () => undefined

  private constructor(server: Server, settings: BareBrokerSettings) {
    this.server = server
    if (settings.protocol !== undefined) {
      const protocol = settings.protocol
      this.#sockets.options.handleProtocols = () => protocol
    }
    server.on('upgrade', (request, socket, head) => {
      if (socket instanceof TLSSocket) {
        this.resumed.push(socket.isSessionReused())
        this.peers.push(socket.getPeerX509Certificate() !== undefined)
      }
      if (settings.turnAway !== undefined) {
        socket.end(`HTTP/1.1 ${String(settings.turnAway)} No\r\nConnection: close\r\n\r\n`)
        return
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        this.#begin(client, settings)
      })
    })
  }

  static async open(
    authority: ThrowAwayAuthority,
    settings: BareBrokerSettings = {},
  ): Promise<BareBroker> {
    const { keyPem, chainPem } = await authority.server(settings.names ?? ['127.0.0.1'])
    const server = createServer({
      key: keyPem,
      cert: chainPem,
      ca: authority.caPem,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      sessionIdContext: 'bare-broker',
      ...settings.tls,
    })
    server.on('tlsClientError', () => undefined)
    server.listen(settings.port ?? 0, '127.0.0.1')
    await once(server, 'listening')
    return new BareBroker(server, settings)
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Whatever it is: tests send what no broker sends. */
  say(frame: Record<string, unknown>): void {
    this.#latest?.send(JSON.stringify({ id: randomUUID(), ...frame }))
  }

  sayText(text: string | Buffer): void {
    this.#latest?.send(text)
  }

  /** The next frame of that kind; what came before it is passed over. */
  async next<K extends AgentFrame['kind']>(kind: K): Promise<AgentFrameOf<K>> {
    for (;;) {
      const at = this.frames.findIndex((frame) => frame.kind === kind)
      const [found] = at < 0 ? [] : this.frames.splice(0, at + 1).slice(-1)
      if (found && isOf(found, kind)) return found
      await this.#woken(kind)
    }
  }

  /** Ends the connection, or cuts it without a word. */
  drop(code?: number): void {
    if (code === undefined) this.#latest?.terminate()
    else this.#latest?.close(code)
  }

  /** Reads nothing and answers nothing from now on, pings included. */
  pause(): void {
    this.#latest?.pause()
  }

  async close(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate()
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  #begin(client: WebSocket, { greet = greetWell, isNoting }: BareBrokerSettings): void {
    this.#latest = client
    client.on('error', () => undefined)
    client.on('message', (data: Buffer) => {
      const frame = agentFrame.parse(JSON.parse(data.toString('utf8')))
      this.frames.push(frame)
      if (frame.kind === 'hello') greet(client, frame)
      else if (isNoting === true && isReport(frame)) this.say({ kind: 'noted', replyTo: frame.id })
      this.#wake()
    })
  }

  #woken(kind: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`no ${kind} came`))
      }, waitMaxMs)
      this.#wake = () => {
        clearTimeout(late)
        resolve()
      }
    })
  }
}

export function welcomeFor(hello: AgentFrameOf<'hello'>, brokers: readonly string[] = []): string {
  return JSON.stringify({
    kind: 'welcome',
    id: randomUUID(),
    replyTo: hello.id,
    version: 1,
    workstationId: randomUUID(),
    place: '4 West, station 2',
    rules: {
      zoneId: '4-west',
      zoneKind: 'nurse-station',
      label: '4 West',
      idleMs: 60_000,
      fadeMs: 10_000,
      staleMs: 30_000,
      publicView: false,
      presentIdleMs: 600_000,
      awayIdleMs: 5000,
      activeMs: 60_000,
      cardStays: false,
      takeOver: 'at-once',
      takeOverMs: 10_000,
      suspendedMax: 4,
      offlineMaxMs: 0,
      pinDigitsMin: 8,
      pinDigitsMax: 8,
      nameShown: 'short',
      serviceDesk: '4455',
    },
    serverTimeMs: Date.now(),
    brokers,
  })
}

function greetWell(socket: WebSocket, hello: AgentFrameOf<'hello'>): void {
  socket.send(welcomeFor(hello))
}

function isReport({ kind }: AgentFrame): boolean {
  return kind === 'leave' || kind === 'resumed' || kind === 'presence' || kind === 'launched'
}

function isOf<K extends AgentFrame['kind']>(
  frame: AgentFrame,
  kind: K,
): frame is AgentFrame & AgentFrameOf<K> {
  return frame.kind === kind
}
