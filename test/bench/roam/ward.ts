// What the benchmark measures, all of it: the broker, the chart, and workstations as they are asked
// for. Taken away together.

import { findBrowser } from '@wardkey/agent/launch/find-browser'
import type { Identity } from '@wardkey/agent/link/identity'
import { Relay } from '../../../demo/src/moments/relay.ts'
import { BenchChild } from './bench-child.ts'
import { ChartServer } from './chart-server.ts'
import type { StationAnswer, StationAsk } from './station-process.ts'
import type { Left, Tap } from './station.ts'
import type { Badge, RecordCounts, WardOrder, WardReady } from './ward-broker.ts'

/** A workstation as the measuring sees it. */
export class RemoteStation {
  readonly #child = new BenchChild('./station-process.ts')
  /** Only where it is to be cut: it costs both ways a hop. */
  readonly #wire: Relay | undefined

  constructor(wire: Relay | undefined) {
    this.#wire = wire
  }

  async open(identity: Identity, brokerPort: number, hasBrowser: boolean): Promise<void> {
    const port = this.#wire?.port ?? brokerPort
    const browser = hasBrowser ? { browserPath: findBrowser('') } : {}
    await this.#ask({ kind: 'open', needs: { identity, port, ...browser } })
  }

  tap(badge: Badge): Promise<Tap> {
    return this.#ask({ kind: 'tap', badge })
  }

  left(sinceMs: number): Promise<Left> {
    return this.#ask({ kind: 'left', sinceMs })
  }

  async cut(): Promise<void> {
    this.#wire?.cut()
    await this.#ask({ kind: 'cut-off' })
  }

  async join(): Promise<void> {
    this.#wire?.join()
    await this.#ask({ kind: 'joined' })
  }

  async close(): Promise<void> {
    await this.#child.end()
    await this.#wire?.close()
  }

  async #ask<T>(asked: StationAsk): Promise<T> {
    const { value, hasFailed } = await this.#child.ask<StationAnswer>(asked)
    if (hasFailed) throw new Error(`a workstation could not: ${asked.kind}`)
    return value as T
  }
}

export class Ward {
  readonly charts: ChartServer
  readonly badges: readonly [Badge, Badge]
  readonly #broker: BenchChild
  readonly #port: number
  /** Workstations that were enrolled and not opened yet. */
  readonly #identities: Identity[]
  readonly #stations: RemoteStation[] = []

  private constructor(charts: ChartServer, broker: BenchChild, ready: WardReady) {
    const [one, other] = ready.badges
    if (!one || !other) throw new Error('nobody has a badge')
    this.charts = charts
    this.badges = [one, other]
    this.#broker = broker
    this.#port = ready.port
    this.#identities = [...ready.identities]
  }

  static async open(places: readonly string[]): Promise<Ward> {
    const charts = await ChartServer.open()
    const broker = new BenchChild('./ward-broker.ts')
    const order: WardOrder = { chartUrl: charts.url, places, people: ['Santos', 'Okafor'] }
    return new Ward(charts, broker, await broker.ask<WardReady>(order))
  }

  /** Connected, with its browser up, and able to go on alone. */
  async openStation({ canBeCut = false, hasBrowser = true } = {}): Promise<RemoteStation> {
    const identity = this.#identities.shift()
    if (!identity) throw new Error('no workstation is left')
    const station = new RemoteStation(canBeCut ? await Relay.open(this.#port) : undefined)
    this.#stations.push(station)
    await station.open(identity, this.#port, hasBrowser)
    return station
  }

  async closeStations(): Promise<void> {
    for (const station of this.#stations.splice(0)) await station.close()
  }

  /** Verified; throws where it does not hold. */
  record(): Promise<RecordCounts> {
    return this.#broker.ask('record')
  }

  async close(): Promise<void> {
    await this.closeStations()
    await this.#broker.end()
    await this.charts.close()
  }
}
