// The hospital's network between workstations and brokers: which paths are cut or slow, and the
// connections over them. It carries texts and knows nothing of what they say.

import type { BrokerAddress } from '@wardkey/agent/link/broker-address'
import type { Rules } from '../rules.ts'
import { Random } from '../seeded.ts'
import type { AgentEnd } from './sockets.ts'
import type { VirtualTime } from '../virtual-time.ts'
import { Wire } from './wire.ts'
import type { BrokerSide } from './wire.ts'

/** What a broker makes of a connection. */
export type Accept = (wire: Wire) => BrokerSide | { readonly status: number } | undefined

const firstPort = 5001
export const addressOf = (broker: number): BrokerAddress => ({
  host: 'broker.example',
  port: firstPort + broker,
  serverName: '',
})

export class Network {
  onHeard: (workstation: number) => void = () => undefined
  onSaid: (wire: Wire, by: 'agent' | 'broker', text: string) => void = () => undefined
  readonly #time: VirtualTime
  readonly #seed: number
  readonly #rules: Pick<Rules, 'said'>
  /** What each broker does with whoever dials it. */
  readonly accepts = new Map<number, Accept>()
  /** Paths that nothing passes, and workstations behind a slow one, with until when. */
  readonly #cut = new Map<number, number>()
  readonly #slow = new Map<number, number>()
  readonly #dialled: number[] = []
  #wires: Wire[] = []

  constructor(time: VirtualTime, seed: number, rules: Pick<Rules, 'said'>) {
    this.#rules = rules
    this.#time = time
    this.#seed = seed
  }

  dial(workstation: number, address: { readonly port: number }): AgentEnd {
    const broker = address.port - firstPort
    const count = (this.#dialled[workstation] ?? 0) + 1
    this.#dialled[workstation] = count
    const random = new Random(this.#seed, 'wire', workstation, broker, count)
    const wire: Wire = new Wire(workstation, broker, {
      time: this.#time,
      rules: this.#rules,
      random,
      delayMs: () => this.#delayMs(workstation, random),
      isCut: () => this.isCut(workstation, broker),
      onHeard: () => {
        this.onHeard(workstation)
      },
      onSaid: (by, text) => {
        this.onSaid(wire, by, text)
      },
      accept: (which) => this.accepts.get(broker)?.(which),
    })
    this.#wires = this.#wires.filter((one) => !one.isOver)
    this.#wires.push(wire)
    wire.dial()
    return wire.agentEnd
  }

  wiresOf(where: { readonly workstation?: number; readonly broker?: number }): readonly Wire[] {
    const { workstation, broker } = where
    return this.#wires.filter(
      (wire) =>
        !wire.isOver &&
        (workstation === undefined || wire.workstation === workstation) &&
        (broker === undefined || wire.broker === broker),
    )
  }

  isCut(workstation: number, broker: number): boolean {
    const now = this.#time.nowMs
    if (this.#cut.size === 0) return false
    return (
      (this.#cut.get(cutName({ workstation })) ?? 0) > now ||
      (this.#cut.get(cutName({ broker })) ?? 0) > now
    )
  }

  isSlow(workstation: number): boolean {
    return (this.#slow.get(workstation) ?? 0) > this.#time.nowMs
  }

  cut(where: { readonly workstation?: number; readonly broker?: number }, forMs: number): void {
    const name = cutName(where)
    const untilMs = this.#time.nowMs + forMs
    this.#cut.set(name, Math.max(untilMs, this.#cut.get(name) ?? 0))
    this.#time.after(forMs, () => {
      if ((this.#cut.get(name) ?? 0) <= this.#time.nowMs) this.#cut.delete(name)
      for (const wire of this.wiresOf(where)) if (!wire.isCut) wire.resume()
    })
  }

  slow(workstation: number, forMs: number): void {
    this.#slow.set(workstation, this.#time.nowMs + forMs)
  }

  /** The next text that way, on whatever connections there are now. */
  double(workstation: number, way: 'to-broker' | 'to-agent', laterMs: number): void {
    for (const wire of this.wiresOf({ workstation })) {
      const pipe = way === 'to-broker' ? wire.toBroker : wire.toAgent
      pipe.double(laterMs)
    }
  }

  /** Everything that was done to it is over. */
  heal(): void {
    this.#cut.clear()
    this.#slow.clear()
    for (const wire of this.#wires) wire.resume()
  }

  #delayMs(workstation: number, random: Random): number {
    if (this.isSlow(workstation)) return random.int(300, 6000)
    if (random.chance(0.01)) return random.int(20, 200)
    return random.int(1, 4)
  }
}

/** Workstations from 0 up, brokers from -1 down: asked for at every ping. */
const cutName = (where: { readonly workstation?: number; readonly broker?: number }): number =>
  where.workstation ?? -1 - (where.broker ?? 0)
