// One connection between a workstation and a broker, from its handshake to its end: who learns of
// what, and when. Each side can be gone long before the other one knows.

import { Pipe } from './pipe.ts'
import type { Parcel } from './pipe.ts'
import type { Rules } from '../rules.ts'
import type { Random } from '../seeded.ts'
import { AgentEnd, BrokerEnd } from './sockets.ts'
import type { VirtualTime } from '../virtual-time.ts'

export interface BrokerSide {
  readonly hear: (text: string) => void
  /** A ping: somebody is there. */
  readonly heard: () => void
  readonly closed: () => void
}

export interface WireNeeds {
  readonly rules: Pick<Rules, 'said'>
  readonly time: VirtualTime
  readonly random: Random
  readonly delayMs: () => number
  readonly isCut: () => boolean
  /** The broker at that address, unless it is not there. */
  readonly onHeard: () => void
  /** Text that enters the network, before it is on its way. */
  readonly onSaid: (by: 'agent' | 'broker', text: string) => void
  readonly accept: (wire: Wire) => BrokerSide | { readonly status: number } | undefined
}

const handshakeMs = 8000

export class Wire {
  readonly workstation: number
  readonly broker: number
  readonly agentEnd: AgentEnd
  readonly brokerEnd: BrokerEnd
  readonly toBroker: Pipe
  readonly toAgent: Pipe
  /** When the agent last heard anything. */
  heardMs: number
  #side: BrokerSide | undefined
  #isAgentGone = false
  #isBrokerGone = false
  readonly #needs: WireNeeds

  constructor(workstation: number, broker: number, needs: WireNeeds) {
    this.workstation = workstation
    this.broker = broker
    this.#needs = needs
    this.heardMs = needs.time.nowMs
    const { time, delayMs, isCut } = needs
    const pipe = (deliver: (parcel: Parcel) => void): Pipe =>
      new Pipe({ time, delayMs, isCut, deliver })
    this.toBroker = pipe((parcel) => {
      this.#atBroker(parcel)
    })
    this.toAgent = pipe((parcel) => {
      this.#atAgent(parcel)
    })
    this.agentEnd = new AgentEnd({
      send: (text) => {
        const said = needs.rules.said(text)
        needs.onSaid('agent', said)
        this.toBroker.put({ kind: 'text', text: said })
      },
      ping: () => {
        this.#ping()
      },
      close: (code) => {
        this.toBroker.put({ kind: 'close', code })
      },
      terminate: () => {
        this.loseAgent(0)
      },
    })
    this.brokerEnd = new BrokerEnd({
      send: (text) => {
        needs.onSaid('broker', text)
        this.toAgent.put({ kind: 'text', text })
      },
      close: (code) => {
        this.toAgent.put({ kind: 'close', code })
      },
      terminate: () => {
        this.loseBroker(0)
      },
    })
  }

  get isOver(): boolean {
    return this.#isAgentGone && this.#isBrokerGone
  }

  get isCut(): boolean {
    return this.#needs.isCut()
  }

  /** Neither end knows of an end, and something can pass. */
  get isWhole(): boolean {
    return !this.#isAgentGone && !this.#isBrokerGone && !this.isCut
  }

  dial(): void {
    const { time, delayMs, isCut, accept } = this.#needs
    time.after(delayMs() + delayMs(), () => {
      if (this.#isAgentGone) return
      if (isCut()) {
        this.#refusedLater()
        return
      }
      const side = accept(this)
      if (side === undefined) this.#failed('ECONNREFUSED')
      else if ('status' in side) {
        const request = { destroy: (): void => undefined }
        this.agentEnd.emit('unexpected-response', request, { statusCode: side.status })
      } else {
        this.#side = side
        this.agentEnd.opened()
      }
    })
  }

  /** The agent's side is gone; the broker gets `kept` of what was on its way, and hears later. */
  loseAgent(laterMs: number, kept = this.#someOf(this.toBroker)): void {
    if (this.#isAgentGone) return
    this.#isAgentGone = true
    this.toAgent.drop()
    this.toBroker.end(kept, laterMs)
    if (!this.#side) this.#isBrokerGone = true
    this.#needs.time.after(0, () => {
      this.agentEnd.closed(1006)
    })
  }

  loseBroker(laterMs: number, kept = this.#someOf(this.toAgent)): void {
    if (this.#isBrokerGone) return
    this.#isBrokerGone = true
    this.toBroker.drop()
    this.toAgent.end(kept, laterMs)
    this.#needs.time.after(0, () => {
      this.#side?.closed()
    })
  }

  /** The path is whole again: what waited goes on. */
  resume(): void {
    this.toAgent.resume()
    this.toBroker.resume()
  }

  /** Pings are many and say one thing: on a whole path they take no time. */
  #ping(): void {
    if (!this.isWhole) this.toBroker.put({ kind: 'ping' })
    else {
      this.#side?.heard()
      this.#heard()
      this.agentEnd.emit('pong')
      // The silence timer’s own event, and nothing else: half of all events of a calm day.
      this.#needs.time.quiet()
    }
  }

  #atBroker(parcel: Parcel): void {
    if (this.#isBrokerGone) return
    if (parcel.kind === 'text') this.#side?.hear(parcel.text)
    else if (parcel.kind === 'ping') {
      this.#side?.heard()
      this.toAgent.put({ kind: 'pong' })
    } else if (parcel.kind === 'close') {
      this.#isBrokerGone = true
      this.toAgent.put(parcel)
      this.#side?.closed()
    }
  }

  #atAgent(parcel: Parcel): void {
    if (this.#isAgentGone) return
    this.#heard()
    if (parcel.kind === 'text') this.agentEnd.emit('message', Buffer.from(parcel.text), false)
    else if (parcel.kind === 'pong') this.agentEnd.emit('pong')
    else if (parcel.kind === 'close') {
      this.#isAgentGone = true
      this.toBroker.put(parcel)
      this.agentEnd.closed(parcel.code)
    }
  }

  #heard(): void {
    this.heardMs = this.#needs.time.nowMs
    this.#needs.onHeard()
  }

  #someOf(pipe: Pipe): number {
    return this.#needs.random.int(0, pipe.onTheWay.length)
  }

  #failed(code: string): void {
    if (this.#isAgentGone) return
    this.agentEnd.emit('error', Object.assign(new Error(code), { code }))
    this.loseAgent(0)
  }

  #refusedLater(): void {
    this.#needs.time.after(handshakeMs, () => {
      this.#failed('ETIMEDOUT')
    })
  }
}
