// One life of one broker: the product's flows, conversation, connections, sweep and sealer, on the
// world's disk and clock. What the product's door does with real sockets and timers is modelled
// here (the wheel, goodbyes, saying who is reached); a crash leaves nothing of it.

import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { PersonKeys } from '@wardkey/broker/audit/person-keys'
import { Sealer } from '@wardkey/broker/audit/sealer'
import { Connection } from '@wardkey/broker/doors/workstations/connection'
import { Connections } from '@wardkey/broker/doors/workstations/connections'
import { Conversation } from '@wardkey/broker/doors/workstations/converse'
import { sayReached } from '@wardkey/broker/flows/trust-from'
import { makeCheckPin } from '@wardkey/broker/flows/check-pin'
import { disconnect } from '@wardkey/broker/flows/disconnect'
import { newFact } from '@wardkey/broker/flows/flow-needs'
import { makePerform } from '@wardkey/broker/flows/perform'
import type { Perform } from '@wardkey/broker/flows/perform'
import type { Notice } from '@wardkey/broker/flows/recorded'
import { StepUpDesk } from '@wardkey/broker/flows/step-up/step-up-desk'
import { sweep } from '@wardkey/broker/flows/sweep'
import { findActiveHolder } from '@wardkey/broker/identity/find-card-holder'
import { makeVerifyByNumber } from '@wardkey/broker/identity/verify-by-number'
import { makeVerifyPin } from '@wardkey/broker/identity/verify-pin'
import { makeHasChart, makePlanLaunch } from '@wardkey/broker/launch/plan-launch'
import { amrBadgePin } from '@wardkey/broker/policy/assurance'
import { Fault } from '@wardkey/broker/platform/fault'
import type { Log } from '@wardkey/broker/platform/log'
import { openWorkstations } from '@wardkey/broker/sessions/open-workstations'
import type { Store } from '@wardkey/broker/store/store'
import { workstationId } from '@wardkey/protocol/ids'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { BundleGiver } from './alone/bundle-giver.ts'
import { makeHouse } from '@wardkey/broker/flows/house-book'
import { usualApps, usualHouse } from '../../kit/usual-house.ts'
import type { HouseKeys } from '../house-keys.ts'
import { MemoryStore } from './memory-store.ts'
import type { MemoryDisk } from './memory-store.ts'
import type { BrokerSide } from './net/wire.ts'
import { QuickPins } from './quick-pins.ts'
import { changed } from './rules.ts'
import type { Rules } from './rules.ts'
import type { Random } from './seeded.ts'
import type { ProcessClock } from './virtual-time.ts'
import type { Wire } from './net/wire.ts'

export interface BrokerProcessNeeds {
  readonly index: number
  readonly clock: ProcessClock
  readonly random: Random
  readonly disk: MemoryDisk
  readonly rules: Rules
  readonly others: readonly string[]
  readonly keys: HouseKeys
  readonly workstationIds: readonly string[]
  /** The product sweeps every 5 s and seals every 0.2 s where there is news. */
  readonly sweepEveryMs: number
  readonly sealEveryMs: number
  readonly bundleEveryMs: number
  readonly real: <T>(work: Promise<T>) => Promise<T>
  readonly onBundle: (workstation: string, sequence: number, ageMs: number) => void
  readonly fate: () => 'written' | 'dies-before' | 'dies-after' | 'answer-lost'
  /** What lies in the store for other brokers, together with the unit that caused it. */
  readonly post: (unitWrites: object, notices: readonly Notice[]) => void
  readonly onBug: (what: string) => void
}

const wheelMs = 1000
const helloWithinMs = 5000
const silentMaxMs = 35_000
const reachedEveryTurns = 5
const reachedAloneEveryTurns = 30
const restartMs = 2000
export const sessionMaxMs = 12 * 3_600_000
/** By which compliance is told of each grant. */
export const complianceChannels = ['webhook', 'mail'] as const
const publicText = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'jwk' }).x ?? ''

export class BrokerProcess {
  readonly needs
  readonly connections = new Connections()
  readonly desk: StepUpDesk
  readonly #process: BrokerProcessNeeds
  readonly #conversation: Conversation
  readonly #sealer: Sealer
  readonly #giver: BundleGiver
  readonly #sockets = new Set<Connection>()
  #turns = 0
  #isSaying = false
  isReady = false

  constructor(process: BrokerProcessNeeds) {
    this.#process = process
    const { clock, random, keys } = process
    const log = this.#log()
    const memory = this.#openMemory()
    const store = process.rules.store(memory, process.disk)
    const perform = this.#makePerform(store, log)
    const hashing = new QuickPins({
      pepper: keys.pinPepper,
      placesMax: 6,
      wait: clock.wait,
      takesMs: () => random.int(20, 120),
    })
    const newId = random.uuid
    const flow = { db: store.read, nowMs: clock.wallMs, newId }
    const verifyPin = makeVerifyPin({ store, hashing, nowMs: clock.wallMs, newId })
    this.needs = {
      ...flow,
      ...{ store, log, perform, hashing, verifyPin },
      checkPin: makeCheckPin({ ...flow, verifyPin, perform }),
      personKeys: new PersonKeys(store, keys.personKek, clock.monoMs),
      verifyByNumber: makeVerifyByNumber({ store, hashing, nowMs: clock.wallMs }),
      house: makeHouse({ db: store.read, calendar: usualHouse.calendar, log }),
      cardKey: keys.cardKey,
      allowedCards: [],
      staffKey: keys.staffKey,
      emergency: { reviewMs: 72 * 3_600_000, channels: complianceChannels },
      planLaunch: launchPlanner(random),
      hasChart: makeHasChart(usualApps),
      sessionMaxMs,
      pinAnswerMs: 60_000,
      pinDigits: { min: 8, max: 12 },
      loanerMs: 12 * 3_600_000,
      brokers: process.others,
      bundleKey: publicText(keys.bundle),
    }
    this.desk = new StepUpDesk({
      ...this.needs,
      activeHolder: (card) =>
        findActiveHolder(store.read, lookupOf(card, keys.cardKey), clock.wallMs()),
      amr: amrBadgePin,
    })
    const conversing = { ...this.needs, stepUp: this.desk, monoMs: clock.monoMs }
    this.#conversation = new Conversation(conversing, this.connections)
    this.#giver = this.#makeGiver(memory)
    this.#sealer = new Sealer({
      ...{ store, signer: keys.signer, log, nowMs: clock.wallMs },
      onBroken: () => {
        process.onBug('record-not-valid')
      },
    })
  }

  /** As the product starts: the record verified first, then what was open is looked for. */
  async start(): Promise<void> {
    const { clock } = this.#process
    for (;;) {
      try {
        await this.#sealer.sealNow()
        await this.needs.perform(() =>
          Promise.resolve({
            answer: undefined,
            facts: [newFact(this.needs, 'SYS-001', {})],
            writes: [],
            notices: [],
          }),
        )
        this.connections.expect(await openWorkstations(this.needs.db), clock.wallMs())
        break
      } catch (thrown) {
        if (!(thrown instanceof Fault) || thrown.class === 'permanent') throw thrown
        await clock.wait(restartMs)
      }
    }
    this.#again(wheelMs, () => {
      this.#turn()
    })
    const lost = this.#process.rules.lost(this.connections)
    const { sweepEveryMs, sealEveryMs, bundleEveryMs } = this.#process
    this.#chore(sweepEveryMs, () => sweep({ ...this.needs, lost }))
    this.#chore(sealEveryMs, () => this.#sealer.sealNow())
    this.#chore(bundleEveryMs, () => this.#giver.round())
    this.isReady = true
  }

  accept(wire: Wire): BrokerSide | { readonly status: number } | undefined {
    if (!this.isReady) return undefined
    const id = workstationId.parse(this.#process.workstationIds[wire.workstation])
    const statement = this.#process.disk.statement('select status from workstation where id = ?')
    const row = statement.get(id) as { status: string } | undefined
    if (row?.status !== 'active') return { status: 403 }
    const { clock } = this.#process
    const connection = new Connection(wire.brokerEnd, id, clock.monoMs())
    this.#sockets.add(connection)
    return {
      hear: (text) => {
        if (clock.isAlive) this.#conversation.hear(connection, text)
      },
      heard: () => {
        connection.heardMs = clock.monoMs()
      },
      closed: () => {
        if (clock.isAlive) this.#closed(connection)
      },
    }
  }

  carry(notice: Notice): void {
    if (!this.#process.rules.isCarried(notice)) return
    if (notice.kind === 'to-workstation') this.connections.send(notice)
    if (notice.kind === 'workstation-in-doubt') this.connections.greetAnew(notice.workstationId)
    if (notice.kind === 'workstation-changed' && notice.isRevoked) {
      this.connections.closeRevoked(notice.workstationId)
    }
  }

  async sealNow(): Promise<void> {
    await this.#sealer.sealNow()
  }

  #openMemory(): MemoryStore {
    const { clock, random, disk, fate } = this.#process
    const isSlow = (): boolean => clock.monoMs() < disk.slowUntilMs
    return new MemoryStore({
      disk,
      after: clock.after,
      flushMs: () => (isSlow() || random.chance(0.02) ? random.int(20, 400) : random.int(1, 6)),
      lookMs: () => (random.chance(isSlow() ? 0.5 : 0.03) ? random.int(1, 40) : 0),
      fate,
    })
  }

  #makeGiver({ readAtOnce: db }: MemoryStore): BundleGiver {
    const { keys, random, real, onBundle, clock } = this.#process
    const house = makeHouse({ db, calendar: usualHouse.calendar, log: this.needs.log })
    return new BundleGiver({
      desk: {
        ...{
          ...this.needs,
          db,
          house,
          pinPepper: keys.pinPepper,
          random: random.bytes,
          othersMax: 50,
        },
        findDowntimeKey: () => undefined,
      },
      flow: this.needs,
      signKey: keys.bundle,
      connections: this.connections,
      real,
      monoMs: clock.monoMs,
      onGiven: onBundle,
    })
  }

  #makePerform(store: Store, log: Log): Perform {
    const { rules, post, clock } = this.#process
    const real = makePerform({
      ...{ store, log },
      notices: (notice) => {
        this.carry(notice)
      },
    })
    const posting = <Answer>(flow: Parameters<typeof real<Answer>>[0]) =>
      real<Answer>(
        changed(flow, (recorded) => {
          const said = rules.recorded(recorded)
          // Each unit's own list, so that it can be known again when it is on the disk.
          const writes = [...said.writes]
          post(writes, said.notices)
          return { ...said, writes }
        }),
      )
    return rules.perform(Object.assign(posting, { idle: () => real.idle() }), {
      store,
      after: clock.after,
    })
  }

  #closed(connection: Connection): void {
    const wasGreeted = this.#sockets.delete(connection) && connection.wasGreeted
    connection.phase = 'closed'
    this.connections.remove(connection, this.needs.nowMs())
    if (!wasGreeted) return
    const { workstationId: id, closeReason, greetedMs, heardMs: lastMs } = connection
    const { wallMs, monoMs } = this.#process.clock
    const times = { greetedMs, heardMs: wallMs() - (monoMs() - lastMs) }
    this.needs
      .perform(() => disconnect(id, closeReason, times, this.needs))
      .catch((thrown: unknown) => {
        this.#failed(thrown)
      })
  }

  #turn(): void {
    this.#turns += 1
    const nowMs = this.#process.clock.monoMs()
    for (const connection of this.#sockets) {
      const isMute = connection.phase === 'silent' && nowMs - connection.sinceMs > helloWithinMs
      if (connection.phase === 'closed') connection.cutIfLate(nowMs)
      else if (isMute) connection.cut('no-hello')
      else if (nowMs - connection.heardMs > silentMaxMs) connection.cut('silent')
    }
    const every = this.needs.brokers.length > 0 ? reachedEveryTurns : reachedAloneEveryTurns
    if (this.#turns % every !== 0 || this.#isSaying) return
    this.#isSaying = true
    this.#sayReached()
      .catch((thrown: unknown) => {
        this.#failed(thrown)
      })
      .finally(() => {
        this.#isSaying = false
      })
  }

  async #sayReached(): Promise<void> {
    const ids = Array.from(this.connections.all(), (one) => one.workstationId)
    await sayReached(ids, this.needs)
  }

  #again(everyMs: number, act: () => void): void {
    this.#process.clock.after(everyMs, () => {
      act()
      this.#again(everyMs, act)
    })
  }

  /** Never twice at once, as platform/every has it. */
  #chore(everyMs: number, act: () => Promise<unknown>): void {
    let isUnderWay = false
    this.#again(everyMs, () => {
      if (isUnderWay) return
      isUnderWay = true
      act()
        .catch((thrown: unknown) => {
          this.#failed(thrown)
        })
        .finally(() => {
          isUnderWay = false
        })
    })
  }

  #failed(thrown: unknown): void {
    if (thrown instanceof Fault && thrown.class !== 'permanent') return
    this.#process.onBug(thrown instanceof Error ? (thrown.stack ?? thrown.message) : 'unknown')
  }

  /** A failure that is nobody's fault but ours is a finding. */
  #log(): Log {
    const error: Log['error'] = (event, fields) => {
      if (fields.code === 'internal') {
        this.#process.onBug(`${event} ${JSON.stringify(fields)}`)
      }
    }
    return { info: () => undefined, warn: () => undefined, error }
  }
}

function launchPlanner(random: Random) {
  return makePlanLaunch({
    apps: usualApps,
    redeemUrl: 'https://broker.example/launch',
    random: random.bytes,
  })
}
