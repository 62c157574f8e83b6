// The whole hospital in one process: brokers over one store, workstations, the network between
// them, people, and the checks that look after every event. One seed makes all of it.

import { createHash } from 'node:crypto'
import type { State } from '@wardkey/agent/machine/state'
import type { Notice } from '@wardkey/broker/flows/recorded'
import { AloneChecks } from '../checks/alone.ts'
import { Books } from '../checks/books.ts'
import { Grants } from '../checks/grants.ts'
import { Hands } from '../checks/hands.ts'
import { Screens } from '../checks/screens.ts'
import { Violation } from '../checks/violation.ts'
import { mustEndByTicks } from '../checks/waits.ts'
import { Words } from '../checks/words.ts'
import { AgentPlace } from './agent-place.ts'
import type { AgentStep } from './agent-process.ts'
import { BrokerPlace } from './broker-place.ts'
import { complianceChannels } from './broker-process.ts'
import { foundPeople, foundPlaces } from './found-hospital.ts'
import { keysOfSeed } from '../house-keys.ts'
import type { HouseKeys } from '../house-keys.ts'
import { MemoryDisk } from './memory-store.ts'
import type { Image } from './memory-store.ts'
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
  readonly bundleEveryMs: number
  /** How long a workstation may go on by itself: one of these, the same in every zone. */
  readonly offlineMaxMs: readonly number[]
  /** What all clocks say at first; the same day each time where nothing is said. */
  readonly dayOneMs?: number
  /** Of the seed where nothing is said. */
  readonly keys?: HouseKeys
}

const usualDayOneMs = 1_800_000_000_000
const dayOneOf = ({ dayOneMs = usualDayOneMs }: HospitalSize): number => dayOneMs

/** A state is walked to its end by ticks now and then: at each event it would cost too much. */
const walkEvery = 16
const relayMaxMs = 40
const notesMax = 500

export class Hospital {
  readonly time = new VirtualTime()
  readonly disk: MemoryDisk
  readonly network: Network
  readonly brokers: readonly BrokerPlace[]
  readonly agents: readonly AgentPlace[]
  readonly workstationIds: readonly string[]
  readonly keys: HouseKeys
  people!: People
  books!: Books
  screens!: Screens
  words!: Words
  grants!: Grants
  alone!: AloneChecks
  #hands!: Hands
  /** The first thing that was wrong; nothing counts after it. */
  violation: Violation | undefined
  /** For whoever wants to read along. */
  onNote: ((text: string) => void) | undefined
  readonly #rules: Rules
  readonly #indexes: ReadonlyMap<string, number>
  readonly #trace = createHash('sha256')
  /** Not hashed yet. */
  readonly #noted: string[] = []
  readonly #posted = new WeakMap<object, { from: number; notices: readonly Notice[] }>()
  readonly #relay: Random
  #steps = 0
  readonly #offlineMaxMs: number

  private constructor(size: HospitalSize, rules: Rules, image: Image) {
    const { seed } = size
    this.#rules = rules
    this.disk = new MemoryDisk(image)
    this.network = new Network(this.time, seed, rules)
    this.#relay = new Random(seed, 'between-brokers')
    this.#offlineMaxMs = new Random(seed, 'offline').pick(size.offlineMaxMs)
    const ids = new Random(seed, 'workstations')
    this.workstationIds = Array.from({ length: size.workstations }, () => ids.uuid())
    this.#indexes = new Map(this.workstationIds.map((id, index) => [id, index]))
    this.keys = size.keys ?? keysOfSeed(seed)
    const addresses = Array.from({ length: size.brokers }, (_, index) => {
      const { host, port } = addressOf(index)
      return `${host}:${String(port)}`
    })
    this.brokers = addresses.map((_, index) => this.#makeBroker(index, size, addresses))
    this.agents = this.workstationIds.map((_, index) => this.#makeAgent(index, size))
  }

  static async open(size: HospitalSize, rules: Rules, image: Image): Promise<Hospital> {
    const hospital = new Hospital(size, rules, image)
    await hospital.#found(size)
    return hospital
  }

  /** Goes on until then, or until something is wrong. */
  async run(untilMs: number): Promise<void> {
    const look = (): void => {
      if (this.violation) throw this.violation
      this.screens.check()
    }
    await this.time.run(untilMs, look, () => this.screens.lookByMs)
  }

  note(text: string): void {
    const line = `${String(this.time.nowMs)} ${text}\n`
    if (this.#noted.push(line) >= notesMax) this.#hashNotes()
    this.onNote?.(line)
  }

  /** Of everything that was noted so far. */
  traceHash(): string {
    this.#hashNotes()
    return this.#trace.copy().digest('hex')
  }

  #hashNotes(): void {
    this.#trace.update(this.#noted.splice(0).join(''))
  }

  wrong(rule: string, seen: string): void {
    this.violation ??= new Violation(rule, seen)
  }

  async #found(size: HospitalSize): Promise<void> {
    const random = new Random(size.seed, 'founding')
    foundPlaces(this.disk, this.workstationIds, random, {
      offlineMaxMs: this.#offlineMaxMs,
      dayOneMs: dayOneOf(size),
    })
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
    this.alone = new AloneChecks({
      agents: this.agents,
      nowMs,
      offlineMaxMs: this.#offlineMaxMs,
      clocks: (index) => {
        const brokers = this.#clocks()
        if (brokers === undefined) return undefined
        return `${String(brokers)} ${String(this.agents[index]?.timesSet)}`
      },
      ownerOf: (canonical) => owners.get(canonical),
      goneSinceMs: (person, isEmergency) => this.books.goneSinceMs(person, isEmergency),
    })
    this.screens = new Screens({
      books: this.books,
      network: this.network,
      agents: this.agents,
      workstationIds: this.workstationIds,
      nowMs,
      aloneUntilMs: (index) => this.alone.untilMs(index),
      isServed: () => !this.disk.isFull && this.brokers.some(({ isUp }) => isUp),
    })
    this.#hands = new Hands(this.books, (canonical) => owners.get(canonical))
    this.grants = new Grants({
      disk: this.disk,
      books: this.books,
      channels: complianceChannels.length,
      spokeAt: (id, tap) => this.#hands.spokeAt(this.#indexes.get(id) ?? -1, tap),
      nowMs,
      after: this.time.after,
      clocks: () => this.#clocks(),
      shownAt: (index) => {
        const place = this.agents[index]
        return place?.isUp === true ? place.process.seated : undefined
      },
      wrong: (violation) => {
        this.violation ??= violation
      },
    })
    this.people = new People(this.time, size.seed, this.agents, members)
    this.#listen()
    for (const agent of this.agents) agent.start()
  }

  #listen(): void {
    this.disk.onUnit = (unit) => {
      const codes = unit.kind === 'recorded' ? unit.facts.map(({ code }) => code).join(' ') : '-'
      this.note(`unit ${codes}`)
      this.#attempt(() => {
        for (const at of this.books.take(unit)) {
          const index = this.#indexes.get(at) ?? 0
          this.screens.booksChanged(index)
          this.note(`books ${String(index)} ${this.books.openAt.get(at)?.id ?? 'nobody'}`)
        }
        this.grants.take(this.books.facts)
        this.alone.take(this.books.facts)
      })
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
    this.screens.touched(agent.index)
    this.#noteLink(agent.index, before, now)
    if (before.phase !== now.phase) {
      const { phase } = now
      const detail = happening.kind === 'broker-said' ? happening.frame.kind : happening.kind
      this.note(`screen ${String(agent.index)} ${phase.kind} by ${detail}`)
      this.screens.screenChanged(agent.index)
    }
    this.#attempt(() => {
      this.#hands.check({ agent, before, now, happening, effects })
      this.grants.see(agent.index, now)
      this.alone.see({ agent, before, now, happening, effects })
    })
    for (const { kind } of effects) this.note(`effect ${String(agent.index)} ${kind}`)
    this.people.see({ agent, before, now, happening, effects })
    this.#steps += 1
    if (this.#steps % walkEvery !== 0) return
    this.#attempt(() => {
      mustEndByTicks(now, agent.nowMs, this.#rules)
    })
  }

  #noteLink(index: number, before: State, now: State): void {
    const place = this.agents[index]
    if (!place || before.surroundings.link === now.surroundings.link) return
    place.linkUpMs = now.surroundings.link === 'up' ? this.time.nowMs : undefined
  }

  /** How often a broker's clock was set; nothing while they do not agree. */
  #clocks(): number | undefined {
    const [first, ...others] = this.brokers
    const isAgreed = others.every(({ aheadMs }) => aheadMs === first?.aheadMs)
    return isAgreed ? this.brokers.reduce((sum, { timesSet }) => sum + timesSet, 0) : undefined
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
      keys: this.keys,
      dayOneMs: dayOneOf(size),
      workstationIds: this.workstationIds,
      sweepEveryMs: size.sweepEveryMs,
      sealEveryMs: size.sealEveryMs,
      bundleEveryMs: size.bundleEveryMs,
      real: (work) => this.time.real(work),
      onBundle: (id, sequence, ageMs) => {
        this.alone.given(this.#indexes.get(id) ?? -1, sequence, this.time.nowMs - ageMs)
      },
      post: (from, writes, notices) => {
        this.#posted.set(writes, { from, notices })
      },
      onBug: (what) => {
        const isRecord = what.includes('record-not-valid')
        this.wrong(isRecord ? 'the record is whole' : 'no flow fails by itself', what)
      },
    })
  }

  #makeAgent(index: number, size: HospitalSize): AgentPlace {
    const { seed, brokers } = size
    // Half of them begin with the one broker, half with the other.
    const order = Array.from({ length: brokers }, (_, n) => (n + index) % brokers)
    return new AgentPlace({
      index,
      seed,
      time: this.time,
      network: this.network,
      rules: this.#rules,
      brokers: order,
      dayOneMs: dayOneOf(size),
      onStep: (step) => {
        this.#onStep(step)
      },
      workstationId: this.workstationIds[index] ?? '',
      mayBeAlone: this.#offlineMaxMs > 0,
      onPinLook: (at, hash) => {
        this.#attempt(() => {
          this.alone.look(at, hash)
        })
      },
      onPinLooked: (at, hash, isMatch) => {
        this.alone.looked(at, hash, isMatch)
      },
      onVisible: (at) => {
        this.screens.touched(at)
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
