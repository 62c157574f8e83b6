// A workstation without a screen at a broker's real door: enrolled as an agent is, real TLS, and taps
// whose answers a test sees frame by frame. A tap may be repeated under its id.

import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { enrol } from '@wardkey/agent/link/enrol'
import type { Identity } from '@wardkey/agent/link/identity'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { subprotocol } from '@wardkey/protocol/workstation/version'
import { WiredAgent } from '../wired-broker.ts'
import type { BrokerProgram, Worker } from './broker-program.ts'

const answerWithinMs = 15_000
const answers = new Set(['admitted', 'refused', 'ask-pin', 'failed'])

export class WireHand {
  readonly identity: Identity
  #agent: WiredAgent | undefined
  /** The session that its screen would show. */
  openSessionId: string | undefined

  private constructor(identity: Identity) {
    this.identity = identity
  }

  static async enrol(broker: BrokerProgram, place: string): Promise<WireHand> {
    const { host, workstationPort: port, caSha256: hex } = broker
    const outcome = await enrol({
      broker: { host, port, serverName: '' },
      pin: { kind: 'sha256', hex },
      token: await broker.token(),
      place,
    })
    if (outcome.kind !== 'enrolled') throw new Error(`not enrolled: ${JSON.stringify(outcome)}`)
    return new WireHand(outcome.identity)
  }

  /** Connected and welcomed, with what its screen shows. */
  async connect(broker: BrokerProgram): Promise<void> {
    this.close()
    const { caPem: ca, certificatePem: cert, keyPem: key } = this.identity
    const url = `wss://${broker.address}${socketPath}`
    const agent = new WiredAgent(new WebSocket(url, subprotocol, { ca, cert, key }))
    this.#agent = agent
    await agent.opened()
    const { openSessionId } = this
    agent.hello(openSessionId === undefined ? {} : { openSessionId })
    await agent.next('welcome')
  }

  /** Throws where the line breaks first. */
  async tap(who: Worker, tapId: string = randomUUID()): Promise<BrokerFrame> {
    const agent = this.#agent
    if (!agent) throw new Error('it is not connected')
    agent.tap(who.card, tapId)
    return this.#answer(agent)
  }

  /** The word that locks its screen, on the line that it has now; throws where that ends first. */
  async locked(): Promise<BrokerFrameOf<'lock'>> {
    const agent = this.#agent
    if (!agent) throw new Error('it is not connected')
    for (;;) {
      const frame = await agent.next('lock')
      if (frame.sessionId !== this.openSessionId) continue
      this.openSessionId = undefined
      return frame
    }
  }

  /** As an agent does: a line on which nothing is heard is ended by its broker. */
  signOfLife(): void {
    this.#agent?.socket.ping()
  }

  /**
   * Its line stays as it is, and nothing is read or said on it any more, no sign of life either:
   * the broker at its other end is not told. Whoever asks ends it.
   */
  halfDie(): () => void {
    const agent = this.#agent
    this.#agent = undefined
    agent?.socket.pause()
    return () => {
      agent?.socket.terminate()
    }
  }

  close(): void {
    this.#agent?.socket.terminate()
    this.#agent = undefined
  }

  async #answer(agent: WiredAgent): Promise<BrokerFrame> {
    const late = setTimeout(() => {
      agent.socket.terminate()
    }, answerWithinMs)
    try {
      for (;;) {
        const frame = await agent.any()
        if (frame.kind === 'lock' && frame.sessionId === this.openSessionId) {
          this.openSessionId = undefined
        }
        if (!answers.has(frame.kind)) continue
        if (frame.kind === 'admitted') this.openSessionId = frame.sessionId
        return frame
      }
    } finally {
      clearTimeout(late)
    }
  }
}
