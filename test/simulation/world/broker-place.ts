// A place where a broker runs: it is started, crashes, is started again; its wall clock may be set.
// Each life is a process of its own and knows nothing of the one before.

import type { Notice } from '@wardkey/broker/flows/recorded'
import { BrokerProcess } from './broker-process.ts'
import type { BrokerProcessNeeds } from './broker-process.ts'
import type { Network } from './net/network.ts'
import { Random } from './seeded.ts'
import { ProcessClock } from './virtual-time.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface BrokerPlaceNeeds extends Omit<
  BrokerProcessNeeds,
  'clock' | 'random' | 'fate' | 'post'
> {
  readonly seed: number
  readonly time: VirtualTime
  /** What its clock on the wall says when time begins, as far as it is right. */
  readonly dayOneMs: number
  readonly network: Network
  readonly post: (from: number, unitWrites: object, notices: readonly Notice[]) => void
}

export type WriteFate = 'dies-before' | 'dies-after' | 'answer-lost'

export class BrokerPlace {
  readonly #needs: BrokerPlaceNeeds
  process: BrokerProcess | undefined
  #clock: ProcessClock | undefined
  #lives = 0
  #aheadMs = 0
  #fate: { readonly what: WriteFate; left: number; readonly downMs: number } | undefined

  constructor(needs: BrokerPlaceNeeds) {
    this.#needs = needs
    needs.network.accepts.set(needs.index, (wire) => this.process?.accept(wire))
  }

  async start(): Promise<void> {
    this.#lives += 1
    const { seed, index, time, dayOneMs } = this.#needs
    const clock = new ProcessClock(time, () => dayOneMs + this.#aheadMs)
    this.#clock = clock
    this.process = new BrokerProcess({
      ...this.#needs,
      clock,
      random: new Random(seed, 'broker', index, this.#lives),
      fate: () => this.#nextFate(),
      post: (writes, notices) => {
        this.#needs.post(index, writes, notices)
      },
    })
    await this.process.start()
  }

  get isUp(): boolean {
    return this.process?.isReady === true
  }

  setClock(byMs: number): void {
    this.#aheadMs += byMs
    this.timesSet += 1
  }

  timesSet = 0

  get aheadMs(): number {
    return this.#aheadMs
  }

  /** One of the next writes: the process ends around it, or never hears that it was written. */
  arm(what: WriteFate, nth: number, downMs: number): void {
    this.#fate = { what, left: nth, downMs }
  }

  disarm(): void {
    this.#fate = undefined
  }

  crash(downMs: number): void {
    if (!this.#clock?.isAlive || !this.process) return
    this.#clock.end()
    this.process = undefined
    const { network, index, time, seed } = this.#needs
    const random = new Random(seed, 'crash', index, this.#lives)
    for (const wire of network.wiresOf({ broker: index })) wire.loseBroker(random.int(0, 3000))
    time.after(downMs, () => {
      // As the product does not serve a record that does not verify: found, not passed over.
      this.start().catch((thrown: unknown) => {
        this.#needs.onBug(thrown instanceof Error ? thrown.message : 'unknown')
      })
    })
  }

  #nextFate(): 'written' | WriteFate {
    const fate = this.#fate
    if (!fate || !this.isUp) return 'written'
    fate.left -= 1
    if (fate.left > 0) return 'written'
    this.#fate = undefined
    if (fate.what !== 'answer-lost') this.crash(fate.downMs)
    return fate.what
  }
}
