// The connection to the broker: one WebSocket over TLS 1.3 with the workstation's certificate, made
// again for ever, to whichever broker answers. It carries frames and judges none of them.

import { randomUUID } from 'node:crypto'
import type { ConnectionOptions, SecureContextOptions } from 'node:tls'
import WebSocket from 'ws'
import { messageId } from '@wardkey/protocol/ids'
import type { SessionId } from '@wardkey/protocol/ids'
import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { parseBrokerFrame } from '@wardkey/protocol/workstation/parse-frame'
import { frameBytesMax, protocolVersion, subprotocol } from '@wardkey/protocol/workstation/version'
import type { Log } from '../platform/log.ts'
import { backoffMs } from './backoff.ts'
import type { BrokerAddress } from './enrol.ts'
import type { Identity } from './identity.ts'
import { Outbox } from './outbox.ts'
import { TlsMemory } from './tls-memory.ts'

const openWithinMs = 8000
const welcomeWithinMs = 5000
const pingEveryMs = 10_000
/** A broker that says nothing for this long is gone, whatever TCP believes. */
const silentMaxMs = 25_000

export type LinkState = 'up' | 'connecting' | 'down' | 'not-enrolled'

export interface LinkNeeds {
  readonly addresses: readonly BrokerAddress[]
  readonly identity: () => Identity | undefined
  readonly bootId: string
  readonly agentVersion: string
  readonly platform: 'linux' | 'win32' | 'darwin'
  /** The session open on the screen at the moment of connecting. */
  readonly openSession: () => SessionId | undefined
  readonly log: Log
  readonly random: () => number
  readonly onFrame: (frame: BrokerFrame) => void
  readonly onState: (state: LinkState) => void
}

/** A frame without its id: the link gives each one its own. */
export type Outgoing = AgentFrame extends infer F
  ? F extends AgentFrame
    ? Omit<F, 'id'>
    : never
  : never

export class Link {
  readonly #needs: LinkNeeds
  readonly #outbox = new Outbox()
  readonly #tls = new TlsMemory()
  #socket: WebSocket | undefined
  #isWelcome = false
  #attempt = 0
  #address = 0
  #timer: NodeJS.Timeout | undefined
  #watch: NodeJS.Timeout | undefined
  #heardMs = 0
  #isStopped = false

  constructor(needs: LinkNeeds) {
    this.#needs = needs
  }

  start(): void {
    this.#needs.onState('connecting')
    this.#connect()
  }

  /** Sends now, or not at all: a question that waits for a link is no question any more. */
  send(frame: Outgoing): boolean {
    if (!this.#isWelcome || this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#write({ ...frame, id: messageId.parse(randomUUID()) } as AgentFrame)
    return true
  }

  /** Sends when there is a link, under one id until the broker has noted it. Bounded. */
  sendSurely(frame: Outgoing): void {
    const whole = { ...frame, id: messageId.parse(randomUUID()) } as AgentFrame
    this.#outbox.add(whole)
    if (this.#isWelcome) this.#write(whole)
  }

  /** Cuts the connection and makes it again, with whatever identity there is by then. */
  reconnect(): void {
    this.#socket?.close(1000)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    clearInterval(this.#watch)
    const socket = this.#socket
    if (!socket || socket.readyState === WebSocket.CLOSED) return
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => {
        socket.terminate()
      }, 1000)
      socket.once('close', () => {
        clearTimeout(cut)
        resolve()
      })
      socket.close(1000)
    })
  }

  #connect(): void {
    const identity = this.#needs.identity()
    const address = this.#needs.addresses[this.#address % this.#needs.addresses.length]
    if (!identity || !address) {
      this.#needs.onState('not-enrolled')
      this.#again()
      return
    }
    const url = `wss://${address.host}:${String(address.port)}${socketPath}`
    const options: WebSocket.ClientOptions & ConnectionOptions = {
      ...tlsOf(identity),
      ...this.#tls.options(address),
      servername: address.serverName,
      minVersion: 'TLSv1.3',
      handshakeTimeout: openWithinMs,
      maxPayload: frameBytesMax,
      perMessageDeflate: false,
      followRedirects: false,
    }
    const socket = new WebSocket(url, subprotocol, options)
    this.#socket = socket
    this.#tls.watch(socket, address)
    socket.on('open', () => {
      this.#hello(socket)
    })
    socket.on('message', (data: Buffer, isBinary) => {
      this.#heardMs = performance.now()
      if (isBinary) socket.terminate()
      else this.#hear(data.toString('utf8'))
    })
    socket.on('pong', () => {
      this.#heardMs = performance.now()
    })
    socket.on('unexpected-response', (_request, response) => {
      this.#refusedBy(response.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('error', (thrown) => {
      // Only the name and code of the failure: messages of TLS name hosts and certificates.
      this.#needs.log.warn('link.failed', { reason: codeOf(thrown) })
    })
    socket.on('close', (code) => {
      this.#closed(socket, code)
    })
  }

  #hello(socket: WebSocket): void {
    const { bootId, agentVersion, platform, openSession } = this.#needs
    const session = openSession()
    const hello: AgentFrame = {
      kind: 'hello',
      id: messageId.parse(randomUUID()),
      version: protocolVersion,
      agentVersion,
      bootId,
      platform,
      atMs: Date.now(),
      ...(session === undefined ? {} : { openSessionId: session }),
    }
    this.#write(hello)
    this.#heardMs = performance.now()
    const deadline = setTimeout(() => {
      if (!this.#isWelcome) socket.terminate()
    }, welcomeWithinMs)
    socket.once('close', () => {
      clearTimeout(deadline)
    })
    clearInterval(this.#watch)
    this.#watch = setInterval(() => {
      if (performance.now() - this.#heardMs > silentMaxMs) socket.terminate()
      else if (socket.readyState === WebSocket.OPEN) socket.ping()
    }, pingEveryMs)
  }

  #hear(text: string): void {
    const parsed = parseBrokerFrame(text)
    if (parsed.kind === 'invalid') {
      this.#needs.log.warn('link.frame-invalid', { code: parsed.code, place: parsed.place })
      this.#socket?.close(1002)
      return
    }
    const { frame } = parsed
    if (frame.kind === 'welcome') {
      this.#isWelcome = true
      this.#attempt = 0
      this.#needs.onFrame(frame)
      this.#needs.onState('up')
      for (const waiting of this.#outbox.all()) this.#write(waiting)
      return
    }
    // Before the welcome nothing counts: the other side has not said who it speaks for.
    if (!this.#isWelcome) return
    if (frame.kind === 'noted' || frame.kind === 'failed') this.#outbox.settle(frame.replyTo, frame)
    this.#needs.onFrame(frame)
  }

  #write(frame: AgentFrame): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  #closed(socket: WebSocket, code: number): void {
    if (this.#socket !== socket) return
    clearInterval(this.#watch)
    this.#isWelcome = false
    if (this.#isStopped) return
    // 4401: the broker knows the certificate and does not want it (revoked, or of another house).
    this.#needs.onState(code === 4401 ? 'not-enrolled' : 'down')
    this.#again()
  }

  #again(): void {
    if (this.#isStopped) return
    this.#attempt += 1
    this.#address += 1
    const waitMs = backoffMs(this.#attempt, this.#needs.random())
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#connect()
    }, waitMs)
  }

  #refusedBy(status: number): void {
    this.#needs.log.warn('link.refused', { code: String(status) })
    if (status === 401 || status === 403) this.#needs.onState('not-enrolled')
  }
}

function tlsOf(identity: Identity): SecureContextOptions {
  // Only the broker's own authority is believed here, no public one.
  return { ca: identity.caPem, cert: identity.certificatePem, key: identity.keyPem }
}

function codeOf(thrown: Error): string {
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name
}
