// The broker's core behind its real door: TLS 1.3 with client certificates of an own authority,
// real WebSockets on a free loopback port. Agents are bare sockets that say what a test tells them
// to.

import 'reflect-metadata'
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { X509Certificate } from '@peculiar/x509'
import { WebSocket } from 'ws'
import type { StepUpDoor } from '@wardkey/broker/doors/workstations/step-up-door'
import { WorkstationDoor } from '@wardkey/broker/doors/workstations/workstation-door'
import type { WorkstationDoorNeeds } from '@wardkey/broker/doors/workstations/workstation-door'
import type { Perform } from '@wardkey/broker/flows/perform'
import {
  issueServerCertificate,
  issueWorkstationCertificate,
  makeAuthorityCertificate,
} from '@wardkey/broker/platform/authority/certificates'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { parseBrokerFrame } from '@wardkey/protocol/workstation/parse-frame'
import { subprotocol } from '@wardkey/protocol/workstation/version'
import { openCore } from './broker-core.ts'
import type { BrokerCore, CoreSettings } from './broker-core.ts'

const dayMs = 86_400_000

export interface KitIdentity {
  readonly id: WorkstationId
  readonly certPem: string
  readonly keyPem: string
}

/** What a hello may say beyond the usual. */
export interface HelloSays {
  readonly bootId?: string
  readonly openSessionId?: string
  readonly bundleSequence?: number
  readonly hardware?: readonly string[]
}

export interface DialSettings {
  readonly identity?: KitIdentity
  readonly session?: Buffer
  readonly path?: string
  readonly protocols?: readonly string[]
  readonly headers?: Record<string, string>
}

export async function openWired(
  settings: CoreSettings & Partial<WorkstationDoorNeeds> = {},
): Promise<WiredBroker> {
  const core = await openCore({
    ...settings,
    onNotice: (notice) => {
      if (notice.kind === 'to-workstation') wired.door.connections.send(notice)
      settings.onNotice?.(notice)
    },
  })
  const wired = await WiredBroker.open(core, settings)
  return wired
}

export class WiredBroker {
  readonly core: BrokerCore
  readonly door: WorkstationDoor
  readonly server: Server
  readonly caPem: string
  readonly #caKey: KeyObject
  readonly #dialled: WiredAgent[] = []

  private constructor(parts: {
    core: BrokerCore
    door: WorkstationDoor
    server: Server
    caPem: string
    caKey: KeyObject
  }) {
    this.core = parts.core
    this.door = parts.door
    this.server = parts.server
    this.caPem = parts.caPem
    this.#caKey = parts.caKey
  }

  static async open(core: BrokerCore, change: Partial<WorkstationDoorNeeds>): Promise<WiredBroker> {
    const life = { fromMs: Date.now() - dayMs, untilMs: Date.now() + 3650 * dayMs }
    const caKey = newKey()
    const caPem = await makeAuthorityCertificate(caKey, life)
    const issuer = { key: caKey, certificate: new X509Certificate(caPem) }
    const serverKey = newKey()
    const names = ['127.0.0.1', 'localhost']
    const chain = await issueServerCertificate(issuer, serverKey, names, life)
    const server = createServer({
      key: pemOf(serverKey),
      cert: chain.pem + caPem,
      ca: caPem,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
    })
    const door = new WorkstationDoor({
      ...core.needs,
      stepUp: noStepUp(core.needs.perform),
      monoMs: () => performance.now(),
      connectionsMax: 1000,
      random: randomBytes,
      ...change,
    })
    door.attach(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new WiredBroker({ core, door, server, caPem, caKey })
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Enrolled, with a certificate of its own; `untilMs` for one that has run out. */
  async addWorkstation(zone: string, untilMs = Date.now() + 3650 * dayMs): Promise<KitIdentity> {
    const id = workstationId.parse(randomUUID())
    const issued = await this.issue(id, untilMs)
    await this.core.addWorkstation(zone, issued.sha256, id)
    return issued.identity
  }

  async issue(id: WorkstationId, untilMs = Date.now() + 3650 * dayMs) {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const issuer = { key: this.#caKey, certificate: new X509Certificate(this.caPem) }
    const spki = key.publicKey.export({ format: 'der', type: 'spki' })
    const life = { fromMs: Date.now() - dayMs, untilMs }
    const issued = await issueWorkstationCertificate(issuer, Uint8Array.from(spki).buffer, id, life)
    const identity = { id, certPem: issued.pem, keyPem: pemOf(key.privateKey) }
    return { identity, sha256: issued.sha256 }
  }

  dial(settings: DialSettings = {}): WiredAgent {
    const { identity, path = socketPath, protocols = [subprotocol] } = settings
    const url = `wss://127.0.0.1:${String(this.port)}${path}`
    const socket = new WebSocket(url, [...protocols], {
      ca: this.caPem,
      ...(identity ? { cert: identity.certPem, key: identity.keyPem } : {}),
      ...(settings.session ? { session: settings.session } : {}),
      ...(settings.headers ? { headers: settings.headers } : {}),
    })
    const agent = new WiredAgent(socket)
    this.#dialled.push(agent)
    return agent
  }

  /** Connected and welcomed. */
  async connect(
    identity: KitIdentity,
    hello: HelloSays & { session?: Buffer } = {},
  ): Promise<WiredAgent> {
    const { session, ...says } = hello
    const agent = this.dial({ identity, ...(session ? { session } : {}) })
    await agent.opened()
    agent.hello(says)
    await agent.next('welcome')
    return agent
  }

  async close(): Promise<void> {
    await this.door.close()
    for (const agent of this.#dialled) agent.socket.terminate()
    this.server.closeAllConnections()
    this.server.close()
    await this.core.close()
  }
}

/** One agent's socket: says frames, and hands out what comes back in its order. */
export class WiredAgent {
  readonly socket: WebSocket
  /** The newest TLS ticket, to come back with. */
  session: Buffer | undefined
  isResumed = false
  /** What it was welcomed with, where whoever connected it kept that. */
  welcome: BrokerFrameOf<'welcome'> | undefined
  readonly #frames: BrokerFrame[] = []
  #waiting: (() => void)[] = []
  #ended: { code: number; reason: string } | undefined
  #status: number | undefined

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('upgrade', (response) => {
      const tls = response.socket
      if (!(tls instanceof TLSSocket)) throw new Error('no TLS')
      this.isResumed = tls.isSessionReused()
      // The ticket came with the handshake; newer ones may follow.
      this.session = tls.getSession()
      tls.on('session', (session: Buffer) => {
        this.session = session
      })
    })
    socket.on('open', () => {
      this.#wake()
    })
    socket.on('message', (data: Buffer) => {
      const parsed = parseBrokerFrame(data.toString('utf8'))
      if (parsed.kind === 'invalid')
        throw new Error(`the broker sent what it may not: ${parsed.place}`)
      this.#frames.push(parsed.frame)
      this.#wake()
    })
    socket.on('unexpected-response', (_request, response) => {
      this.#status = response.statusCode
      socket.terminate()
    })
    socket.on('error', () => undefined)
    socket.on('close', (code, reason) => {
      this.#ended = { code, reason: reason.toString() }
      this.#wake()
    })
  }

  async opened(): Promise<void> {
    while (this.socket.readyState === WebSocket.CONNECTING) await this.#woken()
    if (this.socket.readyState !== WebSocket.OPEN) throw new Error('it did not open')
  }

  /** The HTTP status with which it was turned away. */
  async refused(): Promise<number | undefined> {
    await this.closed()
    return this.#status
  }

  async closed(): Promise<{ code: number; reason: string }> {
    while (!this.#ended) await this.#woken()
    return this.#ended
  }

  hello(says: HelloSays = {}): void {
    this.say({
      kind: 'hello',
      version: 1,
      agentVersion: '0.1.0',
      bootId: says.bootId ?? 'b007-0001',
      platform: 'linux',
      ...says,
      atMs: Date.now(),
    })
  }

  /** Whatever it is: tests say things that are no frames too. */
  say(frame: Record<string, unknown>): string {
    const id = randomUUID()
    this.socket.send(JSON.stringify({ id, ...frame }))
    return id
  }

  tap(card: object, tapId: string = randomUUID()): string {
    this.say({ kind: 'tap', tapId, card, atMs: Date.now() })
    return tapId
  }

  /** The next frame of that kind; what comes before it is passed over. */
  async next<K extends BrokerFrame['kind']>(kind: K): Promise<BrokerFrameOf<K>> {
    for (;;) {
      const frame = await this.any()
      if (isOf(frame, kind)) return frame
    }
  }

  async any(): Promise<BrokerFrame> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame) return frame
      if (this.#ended) throw new Error(`closed: ${String(this.#ended.code)} ${this.#ended.reason}`)
      await this.#woken()
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }
}

function isOf<K extends BrokerFrame['kind']>(
  frame: BrokerFrame,
  kind: K,
): frame is BrokerFrame & BrokerFrameOf<K> {
  return frame.kind === kind
}

/** Signatures are another door's: here every frame of one has run out. */
function noStepUp(perform: Perform): StepUpDoor {
  const expired = (at: WorkstationId, ceremonyId: string) =>
    perform(() =>
      Promise.resolve({
        answer: {
          kind: 'signature-ended',
          id: randomUUID(),
          ceremonyId,
          outcome: 'expired',
          isOver: true,
        } as BrokerFrame,
        facts: [{ id: randomUUID(), code: 'SIG-101', atMs: 0, workstation: at }],
        writes: [],
        notices: [],
      }),
    )
  return {
    tap: (at, frame) => expired(at, frame.ceremonyId),
    pin: (at, frame) => expired(at, frame.ceremonyId),
    cancel: (at, frame) => expired(at, frame.ceremonyId),
  }
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString()
}
