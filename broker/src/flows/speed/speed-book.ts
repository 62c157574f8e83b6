// Adds up how long stages take, by hour, zone and release, and keeps the sums in the store once a
// minute: a tap writes nothing for it, and waits for nothing. Counts nothing about a person.

import type { SpeedStage } from '@wardkey/protocol/admin/speed/speed'
import { speedKeptMs } from '@wardkey/protocol/admin/speed/speed'
import type { Fact } from '../../audit/fact.ts'
import type { Store, Write } from '../../store/store.ts'
import { countTime, writeTimes } from './histogram.ts'
import type { Histogram } from './histogram.ts'
import { durationsOf } from './stage-durations.ts'

export interface SpeedBookNeeds {
  readonly store: Store
  readonly nowMs: () => number
  /** Of this run: other brokers have rows of their own. */
  readonly origin: string
  readonly release: string
}

export interface LaunchTimes {
  readonly zoneId: string
  /** A claim of the workstation, as all of this is. */
  readonly agentVersion: string
  readonly stagesMs: Readonly<Record<string, number>>
}

const hourMs = 3_600_000
/** Hours of zones and releases that are counted at a time; more is no hospital of ours. */
const cellsMax = 5000
/** Releases of agents that one zone is told apart by in an hour. */
const releasesMax = 16
const releaseText = /^[0-9A-Za-z.+-]{1,32}$/

interface Cell {
  readonly hourMs: number
  readonly zoneId: string
  readonly agent: string
  readonly times: Map<SpeedStage, Histogram>
  isKept: boolean
}

export class SpeedBook {
  readonly #needs: SpeedBookNeeds
  readonly #cells = new Map<string, Cell>()

  constructor(needs: SpeedBookNeeds) {
    this.#needs = needs
  }

  /** What a workstation says of a chart that it has just shown. */
  launched({ zoneId, agentVersion, stagesMs }: LaunchTimes): void {
    for (const [stage, ms] of durationsOf(stagesMs)) this.#count(zoneId, agentVersion, stage, ms)
  }

  judged(zoneId: string, tookMs: number): void {
    this.#count(zoneId, '', 'policy', tookMs)
  }

  /** Facts that are durable, and how long that took; only those of taps at a place. */
  flushed(facts: readonly Fact[], tookMs: number): void {
    const tap = facts.find(({ code, zone }) => zone !== undefined && code.startsWith('TAP-'))
    if (tap?.zone !== undefined) this.#count(tap.zone, '', 'flush', tookMs)
  }

  /** Durable when it resolves. What could not be kept is kept with the next. */
  async keep(): Promise<void> {
    const nowHour = this.#hour()
    const changed = [...this.#cells].filter(([, cell]) => !cell.isKept)
    for (const [, cell] of changed) cell.isKept = true
    try {
      if (changed.length > 0) await this.#write(changed.map(([, cell]) => cell))
    } catch (thrown) {
      for (const [, cell] of changed) cell.isKept = false
      throw thrown
    }
    for (const [key, cell] of this.#cells) {
      if (cell.isKept && cell.hourMs < nowHour) this.#cells.delete(key)
    }
  }

  /** What is older than anybody compares goes. */
  async sweep(): Promise<void> {
    const { store, nowMs } = this.#needs
    const query = store.read
      .deleteFrom('stage_time')
      .where('hour_ms', '<', nowMs() - speedKeptMs)
      .compile()
    await store.commit({ kind: 'housekeeping', writes: [{ query }] })
  }

  #count(zoneId: string, agent: string, stage: SpeedStage, ms: number): void {
    const cell = this.#cell(zoneId, agent)
    if (!cell) return
    const times = cell.times.get(stage) ?? new Map<number, number>()
    cell.times.set(stage, times)
    countTime(times, ms)
    cell.isKept = false
  }

  #cell(zoneId: string, said: string): Cell | undefined {
    if (zoneId === '') return undefined
    const hour = this.#hour()
    const named = said === '' || releaseText.test(said) ? said : 'other'
    const known = this.#cells.get(keyOf(hour, zoneId, named))
    if (known) return known
    const agent = this.#releasesIn(hour, zoneId) >= releasesMax ? 'other' : named
    const key = keyOf(hour, zoneId, agent)
    const crowded = this.#cells.get(key)
    if (crowded) return crowded
    if (this.#cells.size >= cellsMax) return undefined
    const cell: Cell = { hourMs: hour, zoneId, agent, times: new Map(), isKept: true }
    this.#cells.set(key, cell)
    return cell
  }

  #releasesIn(hour: number, zoneId: string): number {
    let count = 0
    for (const cell of this.#cells.values()) {
      if (cell.hourMs === hour && cell.zoneId === zoneId) count += 1
    }
    return count
  }

  #hour(): number {
    return Math.floor(this.#needs.nowMs() / hourMs) * hourMs
  }

  async #write(cells: readonly Cell[]): Promise<void> {
    const writes = cells.map((cell) => this.#rowOf(cell))
    await this.#needs.store.commit({ kind: 'housekeeping', writes })
  }

  #rowOf({ hourMs: hour, zoneId, agent, times: all }: Cell): Write {
    const { store, origin, release } = this.#needs
    const times = JSON.stringify(
      Object.fromEntries([...all].map(([stage, counted]) => [stage, writeTimes(counted)])),
    )
    const row = { hour_ms: hour, zone_id: zoneId, agent, broker: release, origin, times }
    const query = store.read
      .insertInto('stage_time')
      .values(row)
      .onConflict((same) =>
        same.columns(['hour_ms', 'zone_id', 'agent', 'broker', 'origin']).doUpdateSet({ times }),
      )
      .compile()
    return { query }
  }
}

const keyOf = (hour: number, zoneId: string, agent: string): string =>
  `${String(hour)}\n${zoneId}\n${agent}`
