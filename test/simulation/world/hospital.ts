// The whole hospital in one process: brokers over one store, workstations, the network between
// them, people, and the checks that look after every event. One seed makes all of it.

import { createHash } from 'node:crypto'
import type { Notice } from '@wardkey/broker/flows/recorded'
import { Books } from '../checks/books.ts'
import { Hands } from '../checks/hands.ts'
import { Screens } from '../checks/screens.ts'
import { Violation } from '../checks/violation.ts'
import { mustEndByTicks } from '../checks/waits.ts'
import { Words } from '../checks/words.ts'
import { AgentPlace } from './agent-place.ts'
import type { AgentStep } from './agent-process.ts'
import { BrokerPlace } from './broker-place.ts'
import { foundPeople, foundPlaces } from './found-hospital.ts'
import { MemoryDisk } from './memory-store.ts'
import { addressOf, Network } from './net/network.ts'
import { People } from './people.ts'
import type { Rules } from './rules.ts'
import { Random } from './seeded.ts'
import { VirtualTime } from './virtual-time.ts'

export interface HospitalSize {
  readonly seed: number
  readonly workstations: number
  readonly brokers: number
  readonly people: number
  readonly sweepEveryMs: number
  readonly sealEveryMs: number
}

/** A state is walked to its end by ticks now and then: at each event it would cost too much. */
const walkEvery = 16
const relayMaxMs = 40

export class Hospital {
  readonly time = new VirtualTime()
  readonly disk: MemoryDisk
  readonly network: Network
  readonly brokers: readonly BrokerPlace[]
  readonly agents: readonly AgentPlace[]
  readonly workstationIds: readonly string[]
  readonly secret: Buffer
  people!: People
  books!: Books
  screens!: Screens
  words!: Words
  #hands!: Hands
  /** The first thing that was wrong; nothing counts after it. */
  violation: Violation | undefined
  /** For whoever wants to read along. */
  onNote: ((text: string) => void) | undefined
  readonly #rules: Rules
  readonly #trace = createHash('sha256')
  readonly #posted = new WeakMap<object, { from: number; notices: readonly Notice[] }>()
  readonly #relay: Random
  #steps = 0

  private constructor(size: HospitalSize, rules: Rules, image: Buffer) {
    const { seed } = size
    this.#rules = rules
    this.disk = new MemoryDisk(image)
    this.network = new Network(this.time, seed, rules)
    this.#relay = new Random(seed, 'between-brokers')
    const ids = new Random(seed, 'workstations')
    this.workstationIds = Array.from({ length: size.workstations }, () => ids.uuid())
    this.secret = new Random(seed, 'secret').bytes(32)
    const addresses = Array.from({ length: size.brokers }, (_, index) => {
      const { host, port } = addressOf(index)
      return `${host}:${String(port)}`
    })
    this.brokers = addresses.map((_, index) => this.#makeBroker(index, size, addresses))
    this.agents = this.workstationIds.map((_, index) => this.#makeAgent(index, size))
  }

  static async open(size: HospitalSize, rules: Rules, image: Buffer): Promise<Hospital> {
    const hospital = new Hospital(size, rules, image)
    await hospital.#found(size)
    return hospital
  }

  /** Goes on until then, or until something is wrong. */
  async run(untilMs: number): Promise<void> {
    await this.time.run(untilMs, () => {
      if (this.violation) throw this.violation
      this.screens.check()
    })
  }

  note(text: string): void {
    const line = `${String(this.time.nowMs)} ${text}\n`
    this.#trace.update(line)
    this.onNote?.(line)
  }

  /** Of everything that was noted so far. */
  traceHash(): string {
    return this.#trace.copy().digest('hex')
  }

  wrong(rule: string, seen: string): void {
    this.violation ??= new Violation(rule, seen)
  }

  async #found(size: HospitalSize): Promise<void> {
    const random = new Random(size.seed, 'founding')
    foundPlaces(this.disk, this.workstationIds, random)
    let isFounded = false
    const founding = (async () => {
      await Promise.all(this.brokers.map((broker) => broker.start()))
      const first = this.brokers[0]?.process
      if (!first) throw new Error('there is no broker')
      return foundPeople(size.people, first, random)
    })().finally(() => {
      isFounded = true
    })
    while (!isFounded) await this.time.run(this.time.nowMs + 1000, () => undefined)
    const members = await founding
    const nowMs = (): number => this.time.nowMs
    this.books = new Books(this.disk, nowMs)
    this.words = new Words(this.books)
    const owners = new Map(members.map(({ card, personId }) => [card.canonical, personId]))
    this.screens = new Screens({
      books: this.books,
      network: this.network,
      agents: this.agents,
      workstationIds: this.workstationIds,
      nowMs,
      isServed: () => !this.disk.isFull && this.brokers.some(({ isUp }) => isUp),
    })
    this.#hands = new Hands(this.books, (canonical) => owners.get(canonical))
    this.people = new People(this.time, size.seed, this.agents, members)
    this.#listen()
    for (const agent of this.agents) agent.start()
  }

  #listen(): void {
    this.disk.onUnit = (unit) => {
      this.#attempt(() => {
        for (const id of this.books.take(unit)) this.screens.booksChanged(id)
      })
      const codes = unit.kind === 'recorded' ? unit.facts.map(({ code }) => code).join(' ') : '-'
      this.note(
        `unit ${codes} ${[...this.books.openAt].map(([at, one]) => `${String(this.workstationIds.indexOf(at))}:${one.id.slice(0, 4)}`).join(' ')}`,
      )
      this.#passOn(unit.writes)
    }
    this.network.onHeard = (workstation) => {
      const agent = this.agents[workstation]
      if (agent) agent.heardMs = this.time.nowMs
    }
    this.network.onSaid = ({ workstation, broker }, by, text) => {
      this.note(`${by} ${String(workstation)} ${String(broker)} ${kindOf(text)}`)
      this.#attempt(() => {
        if (by === 'broker') this.words.saidByBroker(text)
        else this.words.heardByBroker(this.workstationIds[workstation] ?? '', text)
      })
    }
  }

  /** What must reach screens that other brokers have: it lay in the store with its unit. */
  #passOn(writes: object): void {
    const posted = this.#posted.get(writes)
    if (!posted || !this.#rules.areBrokersTold) return
    for (const [index, broker] of this.brokers.entries()) {
      if (index === posted.from) continue
      this.time.after(this.#relay.int(1, relayMaxMs), () => {
        for (const notice of posted.notices) broker.process?.carry(notice)
      })
    }
  }

  #onStep({ agent, before, now, happening, effects }: AgentStep): void {
    if (before.phase !== now.phase) {
      const { phase } = now
      const detail = happening.kind === 'broker-said' ? happening.frame.kind : happening.kind
      this.note(`screen ${String(agent.index)} ${phase.kind} by ${detail}`)
      this.screens.screenChanged(agent.index)
    }
    this.#attempt(() => {
      this.#hands.check({ agent, before, now, happening, effects })
    })
    for (const { kind } of effects) this.note(`effect ${String(agent.index)} ${kind}`)
    this.people.see({ agent, before, now, happening, effects })
    this.#steps += 1
    if (this.#steps % walkEvery !== 0) return
    this.#attempt(() => {
      mustEndByTicks(now, agent.nowMs, this.#rules)
    })
  }

  #attempt(check: () => void): void {
    try {
      check()
    } catch (thrown) {
      if (!(thrown instanceof Violation)) throw thrown
      this.violation ??= thrown
    }
  }

  #makeBroker(index: number, size: HospitalSize, addresses: readonly string[]): BrokerPlace {
    return new BrokerPlace({
      index,
      seed: size.seed,
      time: this.time,
      network: this.network,
      disk: this.disk,
      rules: this.#rules,
      others: addresses.filter((_, other) => other !== index),
      secret: this.secret,
      workstationIds: this.workstationIds,
      sweepEveryMs: size.sweepEveryMs,
      sealEveryMs: size.sealEveryMs,
      post: (from, writes, notices) => {
        this.#posted.set(writes, { from, notices })
      },
      onBug: (what) => {
        const isRecord = what.includes('record-not-valid')
        this.wrong(isRecord ? 'the record is whole' : 'no flow fails by itself', what)
      },
    })
  }

  #makeAgent(index: number, { seed, brokers }: HospitalSize): AgentPlace {
    // Half of them begin with the one broker, half with the other.
    const order = Array.from({ length: brokers }, (_, n) => (n + index) % brokers)
    return new AgentPlace({
      index,
      seed,
      time: this.time,
      network: this.network,
      rules: this.#rules,
      brokers: order,
      onStep: (step) => {
        this.#onStep(step)
      },
      onSurely: (frame) => {
        if (frame.kind !== 'leave') return
        const { sessionId, reason } = frame as { sessionId: string; reason: string } & typeof frame
        this.words.left(index, this.workstationIds[index] ?? '', sessionId, reason)
      },
      onEnded: () => {
        this.words.forgetOf(index)
        this.screens.screenChanged(index)
      },
      onBug: (what) => {
        this.wrong('no tick is passed over', what)
      },
    })
  }
}

const kindOf = (text: string): string => /"kind":"([a-z-]+)"/.exec(text)?.[1] ?? 'nothing'
