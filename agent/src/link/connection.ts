// One connection to one broker, from the handshake to its end: hello, welcome, frames, silence.
// Every frame is parsed before anybody hears it, and nothing is heard before the welcome.

import type { ClientRequestArgs, IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'
import WebSocket from 'ws'
import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { parseBrokerFrame } from '@wardkey/protocol/workstation/parse-frame'
import {
  frameBytesMax,
  oldestSpoken,
  protocolVersion,
  subprotocol,
} from '@wardkey/protocol/workstation/version'
import type { Clock } from '../platform/clock.ts'
import { addressText, serverNameOf } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'
import type { Identity } from './identity.ts'
import { silenceFor } from './waits/silence.ts'
import type { Silence } from './waits/silence.ts'
import type { TlsMemory } from './tls-memory.ts'

const openWithinMs = 8000
const welcomeWithinMs = 5000
/** Somebody waits for its answer: what is there says so within this. */
const proveWithinMs = 1500
const closeWithinMs = 1000
/** A broker that sends faster than this is not one of ours. */
const bufferedMax = 256 * 1024

/** Why it ended, as the log and the link want to know. */
export type Ending =
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'turned-away'; readonly status: number }
  | { readonly kind: 'misbehaved'; readonly reason: string }

/** Opens a socket that is not connected yet: in the product a WebSocket over TLS, always. */
export type OpenSocket = (
  url: string,
  protocol: string,
  options: WebSocket.ClientOptions & ClientRequestArgs & ConnectionOptions,
) => WebSocket

const openWebSocket: OpenSocket = (url, protocol, options) => new WebSocket(url, protocol, options)

export interface ConnectionNeeds {
  /** For a network that is simulated. */
  readonly openSocket?: OpenSocket
  readonly address: BrokerAddress
  readonly identity: Identity
  readonly tls: TlsMemory
  readonly clock: Clock
  readonly hello: () => AgentFrameOf<'hello'>
  /** The first one is the welcome: it was sent after our hello, at most `ageMs` ago. */
  readonly onFrame: (frame: BrokerFrame, ageMs?: number) => void
  /** Once, and nothing after it. */
  readonly onEnd: (ending: Ending) => void
}

export class Connection {
  readonly #needs: ConnectionNeeds
  readonly #socket: WebSocket
  #isWelcome = false
  #ending: Ending | undefined
  #helloId = ''
  #heardMs = 0
  #greetedMs = 0
  #silence: Silence = silenceFor(undefined)
  #forgetTimer: () => void = () => undefined

  constructor(needs: ConnectionNeeds) {
    this.#needs = needs
    const { address, identity, tls, openSocket = openWebSocket } = needs
    const options: Parameters<OpenSocket>[2] = {
      // Only the broker's own authority is believed here, no public one.
      ca: identity.caPem,
      cert: identity.certificatePem,
      key: identity.keyPem,
      ...tls.take(address),
      servername: serverNameOf(address),
      minVersion: 'TLSv1.3',
      rejectUnauthorized: true,
      handshakeTimeout: openWithinMs,
      maxPayload: frameBytesMax,
      perMessageDeflate: false,
      followRedirects: false,
    }
    const url = `wss://${addressText(address)}${socketPath}`
    this.#socket = openSocket(url, subprotocol, options)
    this.#listen()
  }

  get isWelcome(): boolean {
    return this.#isWelcome
  }

  /** For how long nothing was heard from the other side. */
  get quietMs(): number {
    return this.#needs.clock.monoMs() - this.#heardMs
  }

  /** False where it could not even be begun to be sent. */
  send(frame: AgentFrame): boolean {
    if (!this.#isWelcome || this.#socket.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(frame))
    if (this.#socket.bufferedAmount > bufferedMax) this.#misbehaved('not-reading')
    return true
  }

  /** Ends it, as silent, where nothing at all is heard from the other side from now on. */
  prove(): void {
    if (!this.#isWelcome || this.#socket.readyState !== WebSocket.OPEN) return
    const sinceMs = this.#needs.clock.monoMs()
    this.#socket.ping()
    this.#needs.clock.after(proveWithinMs, () => {
      if (this.#isWelcome && this.#heardMs <= sinceMs) this.#misbehaved('silent')
    })
  }

  /** Resolves when the other side has heard that we go, or did not want to. */
  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return
    await new Promise<void>((resolve) => {
      const forget = this.#needs.clock.after(closeWithinMs, () => {
        this.#socket.terminate()
      })
      this.#socket.once('close', () => {
        forget()
        resolve()
      })
      this.#socket.close(1000)
    })
  }

  #listen(): void {
    const socket = this.#socket
    socket.on('upgrade', (response: IncomingMessage) => {
      const { socket: tls } = response
      if (tls instanceof TLSSocket) this.#needs.tls.watch(tls, this.#needs.address)
    })
    socket.on('open', () => {
      this.#greet()
    })
    socket.on('message', (data, isBinary) => {
      // Text arrives as one Buffer while binaryType is its default; anything else is not ours.
      if (isBinary || !Buffer.isBuffer(data)) this.#misbehaved('frame-not-json')
      else this.#hear(data.toString('utf8'))
    })
    socket.on('pong', () => {
      this.#heardMs = this.#needs.clock.monoMs()
    })
    socket.on('unexpected-response', (request, response) => {
      this.#ending ??= { kind: 'turned-away', status: response.statusCode ?? 0 }
      request.destroy()
      socket.terminate()
    })
    socket.on('error', (thrown) => {
      // Only the name or code of the failure: messages of TLS quote hosts and certificates.
      this.#ending ??= { kind: 'failed', reason: reasonOf(thrown) }
    })
    socket.on('close', (code) => {
      this.#forgetTimer()
      this.#isWelcome = false
      this.#needs.onEnd(this.#ending ?? { kind: 'closed', code })
    })
  }

  #greet(): void {
    if (this.#socket.protocol !== subprotocol) {
      this.#misbehaved('version-not-spoken')
      return
    }
    const hello = this.#needs.hello()
    this.#helloId = hello.id
    this.#socket.send(JSON.stringify(hello))
    this.#greetedMs = this.#needs.clock.monoMs()
    this.#heardMs = this.#greetedMs
    this.#forgetTimer = this.#needs.clock.after(welcomeWithinMs, () => {
      this.#misbehaved('no-welcome')
    })
  }

  #hear(text: string): void {
    if (this.#ending) return
    this.#heardMs = this.#needs.clock.monoMs()
    const parsed = parseBrokerFrame(text)
    if (parsed.kind === 'invalid') {
      this.#misbehaved(parsed.code)
      return
    }
    const { frame } = parsed
    if (!this.#isWelcome) {
      // Before the welcome nothing counts: the other side has not said who it speaks for.
      if (frame.kind !== 'welcome' || frame.replyTo !== this.#helloId) return
      if (frame.version < oldestSpoken || frame.version > protocolVersion) {
        this.#misbehaved('version-not-spoken')
        return
      }
      this.#isWelcome = true
      this.#heed(frame.rules.staleMs)
      this.#needs.onFrame(frame, this.#heardMs - this.#greetedMs)
    } else if (frame.kind !== 'welcome') {
      if (frame.kind === 'rules') this.#heed(frame.rules.staleMs)
      this.#needs.onFrame(frame)
    }
  }

  #heed(staleMs: number): void {
    this.#silence = silenceFor(staleMs)
    this.#forgetTimer()
    this.#listenForSilence()
  }

  #listenForSilence(): void {
    this.#forgetTimer = this.#needs.clock.after(this.#silence.pingEveryMs, () => {
      if (this.#needs.clock.monoMs() - this.#heardMs > this.#silence.maxMs) {
        this.#misbehaved('silent')
        return
      }
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping()
      this.#listenForSilence()
    })
  }

  #misbehaved(reason: string): void {
    this.#ending ??= { kind: 'misbehaved', reason }
    this.#isWelcome = false
    this.#socket.terminate()
  }
}

function reasonOf(thrown: Error): string {
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name
}
