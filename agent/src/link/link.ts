// The connection to the broker, made again for ever, to whichever broker answers. It carries frames
// and judges none of them: what is said belongs to the machine.

import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import { messageId } from '@wardkey/protocol/ids'
import { protocolVersion } from '@wardkey/protocol/workstation/version'
import type { SessionId } from '@wardkey/protocol/ids'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { Addresses } from './addresses.ts'
import { Asks, isKnownAgain } from './asks.ts'
import type { Question, Unanswered } from './asks.ts'
import { backoffMs } from './waits/backoff.ts'
import { addressText } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'
import { Connection } from './connection.ts'
import type { Ending, OpenSocket } from './connection.ts'
import type { Identity } from './identity.ts'
import { Openings } from './openings.ts'
import { Outbox } from './outbox.ts'
import { TapProbe } from './probe/tap-probe.ts'
import { TlsMemory } from './tls-memory.ts'

export type LinkState = 'up' | 'connecting' | 'down' | 'not-enrolled' | 'copied'

/** A frame without its id: the link gives each one its own. */
export type Outgoing<F extends AgentFrame = AgentFrame> = F extends AgentFrame
  ? Omit<F, 'id'>
  : never

export interface LinkNeeds {
  /** For a network that is simulated. */
  readonly openSocket?: OpenSocket
  readonly addresses: readonly BrokerAddress[]
  /** These alone: where a broker tells of others, they are not asked. */
  readonly onlyThese?: boolean
  readonly identity: () => Identity | undefined
  readonly bootId: string
  readonly agentVersion: string
  readonly platform: 'linux' | 'win32' | 'darwin'
  readonly hardware?: HardwareClaim | undefined
  /** The session open on the screen at the moment of connecting. */
  readonly openSession: () => SessionId | undefined
  /** What it can do without a broker, and has to tell of what it did. */
  readonly known: () => Pick<AgentFrameOf<'hello'>, 'bundleSequence' | 'waitsToMerge'>
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly newId: () => string
  /** `ageMs`: at most so long ago it was sent; said of a welcome. */
  readonly onFrame: (frame: BrokerFrame, ageMs?: number) => void
  readonly onUnanswered: (unanswered: Unanswered) => void
  /** With how long nothing had been heard by then, where that is why it is down. */
  readonly onState: (state: LinkState, silentMs?: number) => void
}

/** The broker said that it could not just then: a moment, and not all at the same one. */
const repeatMs = 400
/** Answers come within milliseconds: a question that waits so long may be asked of nobody. */
const doubtMs = 1500
/** A broker that welcomes and goes at once, again and again, is waited for as if it were none. */
const steadyMs = 2000
/** So many in a row at one broker, and another one is tried. */
const briefMax = 2
/** Nothing changes by itself for a copy; each try is a word in the record. */
const copyAgainMs = 60_000

export class Link {
  readonly #needs: LinkNeeds
  readonly #addresses: Addresses
  readonly #asks = new Asks()
  readonly #outbox = new Outbox()
  readonly #openings = new Openings()
  readonly #tls = new TlsMemory()
  readonly #probe: TapProbe
  #connection: Connection | undefined
  /** Whether the broker on this line knows what a probe is. */
  #isProbing = false
  #attempt = 0
  #upMs = 0
  /** Connections to this broker, one after the other, that did not last. */
  #brief = 0
  #state: LinkState | undefined
  #forgetTimer: () => void = () => undefined
  #isStopped = false

  constructor(needs: LinkNeeds) {
    this.#needs = needs
    this.#addresses = new Addresses(needs.addresses)
    const send = (ping: AgentFrame): boolean => this.send(ping)
    this.#probe = new TapProbe({ clock: needs.clock, newId: needs.newId, send })
  }

  start(): void {
    this.#tell('connecting')
    this.#connect()
  }

  /** Asks, and asks a tap again after a break while the answer is still wanted. */
  ask(asked: Outgoing<Question>, withinMs: number): void {
    const question: Question = { ...asked, id: this.#newId() }
    this.#asks.add(question, this.#needs.clock.monoMs() + withinMs)
    const connection = this.#connection
    if (connection?.send(question) === true) {
      this.#doubt(question, connection)
      return
    }
    if (isKnownAgain(question)) return
    for (const unanswered of this.#asks.lose()) this.#needs.onUnanswered(unanswered)
  }

  /**
   * A network that loses everything without a word looks like a broker that thinks. Nobody is left
   * waiting for the next ping to tell the two apart.
   */
  #doubt(question: Question, connection: Connection): void {
    const { clock } = this.#needs
    clock.after(doubtMs, () => {
      const isWaiting = this.#asks.isAsked(question, clock.monoMs())
      if (isWaiting && connection === this.#connection) connection.prove()
    })
  }

  /** Sends now, or not at all. */
  tell(frame: Outgoing): boolean {
    return this.#connection?.send({ ...frame, id: this.#newId() }) ?? false
  }

  /** Sends when there is a link, under one id until the broker has noted it. Bounded. */
  tellSurely(frame: Outgoing): void {
    const whole = this.#openings.name({ ...frame, id: this.#newId() })
    this.#outbox.add(whole)
    this.#connection?.send(whole)
  }

  /** Sends now, or not at all, under the id it has: whoever keeps a frame sends it again itself. */
  send(frame: AgentFrame): boolean {
    return this.#connection?.send(frame) ?? false
  }

  /**
   * Whether a broker would answer a tap now. One of before does not know the question, and is as
   * good as its pong: a newer release is not to go back for that (decision 0064).
   */
  async probe(withinMs: number): Promise<boolean> {
    const isAnswered = await this.#probe.ask(withinMs)
    if (isAnswered && !this.#isProbing) this.#needs.log.info('link.probe-not-known', {})
    return isAnswered
  }

  /** How many sure words the broker has not noted yet. */
  get unnoted(): number {
    return this.#outbox.size
  }

  /** There is another certificate: what the old one proved is not to be resumed. */
  identityChanged(): void {
    this.#tls.forget()
    const connection = this.#connection
    if (connection?.isWelcome === true || this.#isStopped) return
    this.#connection = undefined
    void connection?.close()
    this.#again(0)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#forgetTimer()
    await this.#connection?.close()
  }

  #connect(): void {
    const identity = this.#needs.identity()
    const address = this.#addresses.current()
    if (!identity || !address) {
      this.#tell('not-enrolled')
      this.#again()
      return
    }
    const { openSocket } = this.#needs
    const connection: Connection = new Connection({
      ...(openSocket === undefined ? {} : { openSocket }),
      address,
      identity,
      tls: this.#tls,
      clock: this.#needs.clock,
      hello: () => this.#hello(),
      onFrame: (frame, ageMs) => {
        this.#hear(connection, frame, ageMs)
      },
      onEnd: (ending) => {
        this.#ended(connection, address, ending)
      },
    })
    this.#connection = connection
  }

  #hello(): AgentFrameOf<'hello'> {
    const { bootId, agentVersion, platform, hardware, openSession, known, clock } = this.#needs
    const session = openSession()
    return {
      kind: 'hello',
      id: this.#newId(),
      version: protocolVersion,
      agentVersion,
      bootId,
      platform,
      ...(hardware ? { hardware } : {}),
      atMs: clock.wallMs(),
      ...(session === undefined ? {} : { openSessionId: session }),
      ...known(),
      ...this.#outbox.left(),
    }
  }

  #hear(connection: Connection, frame: BrokerFrame, ageMs: number | undefined): void {
    if (connection !== this.#connection || this.#isStopped) return
    if (frame.kind === 'welcome') {
      this.#outbox.noted(frame.noted)
      this.#isProbing = frame.probes === true
      this.#welcomed(connection, frame.brokers)
    }
    if (frame.kind === 'noted' || frame.kind === 'failed') {
      const { replyTo } = frame
      const afterMs = this.#outbox.settle(replyTo, frame)
      if (afterMs !== undefined) this.#sendSoon(afterMs, () => this.#outbox.find(replyTo))
    }
    if (frame.kind === 'admitted') this.#outbox.opened(frame)
    if (frame.kind === 'failed') this.#failed(frame)
    this.#asks.hear(frame)
    this.#openings.hear(frame)
    this.#probe.hear(frame)
    this.#needs.onFrame(frame, ageMs)
    // Only now: what waited may change what the welcome told, never the other way round.
    if (frame.kind === 'welcome') this.#sendWaiting(connection)
  }

  #welcomed(connection: Connection, brokers: readonly string[]): void {
    this.#upMs = this.#needs.clock.monoMs()
    if (this.#needs.onlyThese !== true) this.#addresses.told(brokers)
    this.#needs.log.info('link.up', {})
    if (connection.isWelcome) this.#tell('up')
  }

  /** First what must arrive, in its order; then the tap somebody is waiting for. */
  #sendWaiting(connection: Connection): void {
    for (const frame of this.#outbox.all()) connection.send(frame)
    for (const question of this.#asks.again(this.#needs.clock.monoMs())) connection.send(question)
  }

  #failed(frame: Extract<BrokerFrame, { kind: 'failed' }>): void {
    this.#needs.log.warn('link.broker-failed', { code: frame.code, reason: frame.repeat })
    const after = this.#asks.fail(frame, this.#needs.clock.monoMs())
    if (after?.kind === 'give-up') this.#needs.onUnanswered(after.unanswered)
    if (after?.kind !== 'ask-again') return
    const { question } = after
    this.#sendSoon(repeatMs, () =>
      this.#asks.isAsked(question, this.#needs.clock.monoMs()) ? question : undefined,
    )
  }

  /** What is wanted no more when the time has come is not sent. */
  #sendSoon(afterMs: number, find: () => AgentFrame | undefined): void {
    const connection = this.#connection
    this.#needs.clock.after(afterMs + Math.floor(this.#needs.random() * afterMs), () => {
      // On another connection everything that waits was sent already.
      const frame = connection === this.#connection ? find() : undefined
      if (frame) connection?.send(frame)
    })
  }

  #ended(connection: Connection, address: BrokerAddress, ending: Ending): void {
    if (connection !== this.#connection) return
    const wasUp = this.#state === 'up'
    const wasSteady = wasUp && this.#needs.clock.monoMs() - this.#upMs >= steadyMs
    if (wasSteady) this.#attempt = 0
    this.#brief = wasUp && !wasSteady ? this.#brief + 1 : 0
    this.#needs.log.warn('link.ended', { address: addressText(address), ...describe(ending) })
    this.#probe.lost()
    if (this.#isStopped) return
    for (const unanswered of this.#asks.lose()) this.#needs.onUnanswered(unanswered)
    // One that answered is tried again first: it may only have been started anew. One that said
    // goodbye is going, one that breaks off again is broken, and another one is there.
    const isGoing = isGoodbye(ending) || this.#brief >= briefMax
    if (!wasUp || isGoing) {
      this.#addresses.failed()
      this.#brief = 0
    }
    const isSilent = ending.kind === 'misbehaved' && ending.reason === 'silent'
    const silentMs = isSilent ? connection.quietMs : 0
    const isCopy = ending.kind === 'closed' && ending.code === 4410
    this.#tell(isCopy ? 'copied' : isUnknown(ending) ? 'not-enrolled' : 'down', silentMs)
    this.#again(isCopy ? copyAgainMs : undefined)
  }

  #again(waitMs = this.#nextWaitMs()): void {
    this.#forgetTimer()
    this.#forgetTimer = this.#needs.clock.after(waitMs, () => {
      if (!this.#isStopped) this.#connect()
    })
  }

  #nextWaitMs(): number {
    this.#attempt += 1
    return backoffMs(this.#attempt, this.#needs.random())
  }

  #tell(state: LinkState, silentMs = 0): void {
    if (state === this.#state) return
    this.#state = state
    this.#needs.onState(state, silentMs)
  }

  #newId() {
    return messageId.parse(this.#needs.newId())
  }
}

/** RFC 6455 section 7.4.1: the endpoint is going away. */
const isGoodbye = (ending: Ending): boolean => ending.kind === 'closed' && ending.code === 1001

/** The broker knows the certificate and does not want it, or there is none that it wants. */
function isUnknown(ending: Ending): boolean {
  if (ending.kind === 'turned-away') return ending.status === 401 || ending.status === 403
  // A key or a certificate that OpenSSL cannot read is as good as none.
  if (ending.kind === 'failed') return ending.reason.startsWith('ERR_OSSL_')
  return ending.kind === 'closed' && ending.code === 4401
}

function describe(ending: Ending): { kind: string; code?: string; reason?: string } {
  switch (ending.kind) {
    case 'closed':
      return { kind: ending.kind, code: String(ending.code) }
    case 'turned-away':
      return { kind: ending.kind, code: String(ending.status) }
    case 'failed':
    case 'misbehaved':
      return { kind: ending.kind, reason: ending.reason }
  }
}
