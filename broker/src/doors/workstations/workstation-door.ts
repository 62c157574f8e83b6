// The door for workstations: a WebSocket over mutually authenticated TLS. It says who speaks, holds
// the deadlines, and keeps the list of who is connected.

import { X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Server } from 'node:https'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { WebSocketServer } from 'ws'
import type { PersonId, WorkstationId, ZoneId } from '@wardkey/protocol/ids'
import { frameBytesMax, subprotocol } from '@wardkey/protocol/workstation/version'
import { disconnect } from '../../flows/disconnect.ts'
import { findWorkstation } from '../../flows/find-workstation.ts'
import { sayReached } from '../../flows/trust-from.ts'
import { keepInventory } from '../../flows/enrolment/keep-inventory.ts'
import { newMessageId } from '../../flows/flow-needs.ts'
import type { BundleDesk } from '../../flows/bundles/bundle-desk.ts'
import { isOfAny } from '../../platform/authority/peer-certificate.ts'
import { Fault } from '../../platform/fault.ts'
import { rulesFor } from '../../policy/zone-settings.ts'
import type { Store } from '../../store/store.ts'
import { BundleRounds } from './bundle-rounds.ts'
import { findConnecting, judgeUpgrade } from './admit-socket.ts'
import { AgentSocket } from './agent-socket.ts'
import type { SocketListener } from './agent-socket.ts'
import { Connection } from './connection.ts'
import { Connections } from './connections.ts'
import { Conversation } from './converse.ts'
import type { ConverseNeeds } from './converse.ts'
import { OutWords } from './out-words.ts'
import { fullBucket, takeToken } from './token-bucket.ts'
import type { Bucket, Rate } from './token-bucket.ts'

/** From the handshake to hello. */
const helloWithinMs = 5000
/** Agents ping every ten seconds; one that says nothing for this long is gone. */
const silentMaxMs = 35_000
const wheelMs = 1000
/**
 * A workstation that comes and goes for ever must not fill the record with its coming and going.
 */
const arrivalRate: Rate = { capacity: 20, perSecond: 0.5 }
const closeWithinMs = 2000
/** Well within what an agent waits for its welcome. */
const stillThereMs = 1000
/** Twice within the margin that the sweep gives a workstation beyond what its zone allows. */
const reachedEveryTurns = 5
/** Nobody else looks: only what a broker that dies has not told of its workstations is lost. */
const reachedAloneEveryTurns = 30

export interface WorkstationDoorNeeds extends ConverseNeeds {
  /** More connections than this are turned away: each costs memory for as long as it idles. */
  readonly connectionsMax: number
  readonly store: Pick<Store, 'commit'>
  /** Absent: no workstation is given anything to decide with by itself. */
  readonly bundles?: BundleDesk
  readonly random: (bytes: number) => Buffer
  /** It lacks the authority that comes next, and cannot tell whose certificates are good. */
  readonly isAuthorityLacking?: () => boolean
  readonly onBundle?: (parts: number, tookMs: number) => void
}

export class WorkstationDoor {
  readonly connections = new Connections()
  readonly #needs: WorkstationDoorNeeds
  /** One for all sockets. */
  readonly #listener: SocketListener
  readonly #server = new WebSocketServer<typeof AgentSocket>({
    noServer: true,
    WebSocket: AgentSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: frameBytesMax,
    maxFragments: 16,
    handleProtocols: () => subprotocol,
  })
  readonly #sockets = new Set<Connection>()
  readonly #arrivals = new Map<WorkstationId, Bucket>()
  readonly #leaving = new Set<Promise<void>>()
  readonly #wheel: NodeJS.Timeout
  #isClosed = false
  #turns = 0
  #saying: Promise<void> | undefined
  /** Since an authority was ended: whose certificates are taken. */
  #authorities: readonly KeyObject[] | undefined
  readonly #rounds: BundleRounds | undefined
  readonly #outWords: OutWords | undefined
  #rounding: Promise<void> | undefined

  constructor(needs: WorkstationDoorNeeds) {
    this.#needs = needs
    const { bundles: desk, onBundle } = needs
    this.#outWords = desk && new OutWords({ ...needs, desk, connections: this.connections })
    const isStillThere = ({ socket }: Connection) => socket.answers(stillThereMs)
    const conversing: ConverseNeeds = {
      isStillThere,
      keepInventory: (id, inventory) => keepInventory(id, inventory, needs),
      ...needs,
    }
    const conversation = new Conversation(conversing, this.connections, this.#outWords)
    this.#rounds =
      desk &&
      new BundleRounds({
        ...{ desk, connections: this.connections, log: needs.log },
        ...{ nowMs: needs.nowMs, newId: needs.newId, random: needs.random },
        ...(onBundle ? { onSent: onBundle } : {}),
      })
    this.#listener = {
      message: (from, text) => {
        conversation.hear(from, text)
      },
      binary: (from) => {
        from.close(1003, 'frame-not-json')
      },
      heard: (from) => {
        from.heardMs = needs.monoMs()
      },
      closed: (from) => {
        this.#closed(from)
      },
    }
    // One timer for all deadlines: thousands of idle workstations have none of their own.
    this.#wheel = setInterval(() => {
      this.#turn()
    }, wheelMs)
    this.#wheel.unref()
  }

  /** The server must ask for client certificates of the broker's own authority (requestCert). */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      void this.#upgrade(request, socket, head)
    })
  }

  /** She lost what opened screens in zones that are for none of the roles she has left. */
  personOut(id: PersonId, roles: readonly string[]): void {
    this.#outWords?.add(id, roles)
  }

  /** A zone's rules changed: its workstations hear them now. */
  async tellRules(zone: ZoneId): Promise<void> {
    for (const { zoneId, workstationId } of this.connections.all()) {
      if (zoneId === zone) await this.tellRulesAt(workstationId)
    }
  }

  async tellRulesAt(id: WorkstationId): Promise<void> {
    const workstation = await findWorkstation(this.#needs.db, id)
    const connection = this.connections.find(id)
    if (!workstation || !connection) return
    const rules = rulesFor(workstation.zone, this.#needs.pinDigits)
    connection.zoneId = rules.zoneId
    const { place } = workstation
    this.connections.tell(id, { kind: 'rules', id: newMessageId(this.#needs), place, rules })
  }

  /** From here on each that begins is held to these: one may come by a handshake from before. */
  believe(authorities: readonly string[]): void {
    this.#authorities = authorities.map((pem) => new X509Certificate(pem).publicKey)
  }

  /** Whoever came by a certificate of none that is believed would not be let in now. */
  cutOthers(): void {
    for (const connection of this.#sockets) this.#cutOther(connection)
  }

  #cutOther(connection: Connection): void {
    const authorities = this.#authorities
    if (!authorities || isOfAny(connection.tls, authorities)) return
    connection.close(1001, 'authority-ended')
  }

  /** Says goodbye to all, and waits until the record has it. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#wheel)
    this.#rounds?.stop()
    await this.#outWords?.stop()
    for (const connection of this.#sockets) connection.close(1001, 'stopping')
    const untilMs = this.#needs.monoMs() + closeWithinMs
    while (this.#sockets.size > 0 && this.#needs.monoMs() < untilMs) await pause(10)
    for (const connection of this.#sockets) connection.cut('stopping')
    while (this.#sockets.size > 0) await pause(10)
    await Promise.all(this.#leaving)
    await this.#rounding
    await this.#rounds?.idle()
  }

  /**
   * Where there are other brokers, they must know that what they have lost is connected here. While
   * it is not said, they lock what is open there: a broker that dies leaves nothing open behind.
   */
  async #sayReached(): Promise<void> {
    const ids = Array.from(this.connections.all(), ({ workstationId }) => workstationId)
    await sayReached(ids, this.#needs)
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => {
      socket.destroy()
    })
    const status = this.#isClosed ? 503 : judgeUpgrade(request)
    if (status !== undefined) {
      refuse(socket, status)
      return
    }
    try {
      const now = this.#needs.nowMs()
      const admitted = await findConnecting(this.#needs.db, socket, now)
      if (admitted.kind === 'refused') {
        const { status } = admitted
        // Its certificate may be of the authority that this broker lacks: it is told to go
        // elsewhere, and not that it is enrolled nowhere, by which it would forget what it knows.
        const isUnsure = status === 401 && this.#needs.isAuthorityLacking?.() === true
        this.#needs.log.warn('workstation.refused', { status: isUnsure ? 503 : status })
        refuse(socket, isUnsure ? 503 : status)
      } else if (!this.#mayArrive(admitted.workstationId)) {
        refuse(socket, 429)
      } else {
        this.#server.handleUpgrade(request, socket, head, (client) => {
          this.#begin(client, admitted.workstationId, socket)
        })
      }
    } catch (thrown) {
      const code = thrown instanceof Fault ? thrown.code : 'internal'
      this.#needs.log.error('workstation.upgrade-failed', { code })
      refuse(socket, 503)
    }
  }

  #mayArrive(id: WorkstationId): boolean {
    const nowMs = this.#needs.monoMs()
    if (this.#sockets.size >= this.#needs.connectionsMax) return false
    const bucket = this.#arrivals.get(id) ?? fullBucket(arrivalRate, nowMs)
    const taken = takeToken(bucket, arrivalRate, nowMs)
    this.#arrivals.set(id, taken ?? bucket)
    return taken !== undefined
  }

  #begin(socket: AgentSocket, id: WorkstationId, line: Duplex): void {
    const connection = new Connection(socket, id, this.#needs.monoMs())
    if (line instanceof TLSSocket) connection.tls = line
    this.#sockets.add(connection)
    socket.begin(connection, this.#listener)
    this.#cutOther(connection)
    if (this.#isClosed) connection.close(1001, 'stopping')
  }

  #closed(connection: Connection): void {
    const wasGreeted = this.#sockets.delete(connection) && connection.wasGreeted
    connection.phase = 'closed'
    this.connections.remove(connection, this.#needs.nowMs())
    if (!wasGreeted) return
    const { perform, log, nowMs, monoMs } = this.#needs
    const { workstationId, closeReason, greetedMs } = connection
    const times = { greetedMs, heardMs: nowMs() - (monoMs() - connection.heardMs) }
    const leaving = perform(() => disconnect(workstationId, closeReason, times, this.#needs))
      .then(() => undefined)
      .catch((thrown: unknown) => {
        // The connection is gone whether or not the record could be told.
        const code = thrown instanceof Fault ? thrown.code : 'internal'
        log.error('workstation.goodbye-failed', { workstationId, code })
      })
      .finally(() => this.#leaving.delete(leaving))
    this.#leaving.add(leaving)
  }

  #giveBundles(): void {
    this.#rounding ??= this.#rounds
      ?.round()
      .catch((thrown: unknown) => {
        const code = thrown instanceof Fault ? thrown.code : 'internal'
        this.#needs.log.error('bundle.round-failed', { code })
      })
      .finally(() => {
        this.#rounding = undefined
      })
  }

  #turn(): void {
    this.#turns += 1
    this.#giveBundles()
    this.#outWords?.look()
    const isAlone = this.#needs.brokers.length === 0
    if (this.#turns % (isAlone ? reachedAloneEveryTurns : reachedEveryTurns) === 0) {
      this.#saying ??= this.#sayReached()
        .catch((thrown: unknown) => {
          const code = thrown instanceof Fault ? thrown.code : 'internal'
          this.#needs.log.error('workstation.reached-not-said', { code })
        })
        .finally(() => {
          this.#saying = undefined
        })
    }
    const nowMs = this.#needs.monoMs()
    for (const connection of this.#sockets) {
      const isMute = connection.phase === 'silent' && nowMs - connection.sinceMs > helloWithinMs
      if (connection.phase === 'closed') connection.cutIfLate(nowMs)
      else if (isMute) connection.cut('no-hello')
      else if (nowMs - connection.heardMs > silentMaxMs) connection.cut('silent')
    }
    for (const [id, bucket] of this.#arrivals) {
      // Long full again: nothing to remember.
      if (nowMs - bucket.atMs > 60_000) this.#arrivals.delete(id)
    }
  }
}

const reasons = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const

function refuse(socket: Duplex, status: keyof typeof reasons): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const head = `HTTP/1.1 ${String(status)} ${reasons[status]}`
  socket.end(`${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
