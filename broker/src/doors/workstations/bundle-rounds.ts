// Which workstation is given a bundle, and when: after its welcome, when somebody lost something, a
// little later for any other change, and before the one it has runs out. A few at a time, in parts,
// so that a thousand workstations at once cost no tap its turn.

import { setTimeout as wait } from 'node:timers/promises'
import { newMessageId } from '../../flows/flow-needs.ts'
import type { BundleDesk, MadeBundle } from '../../flows/bundles/bundle-desk.ts'
import { renewalOf } from '../../flows/bundles/bundle-times.ts'
import type { ZoneView } from '../../flows/bundles/zone-view.ts'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'

export interface BundleRoundsNeeds {
  readonly desk: BundleDesk
  readonly connections: Connections
  readonly log: Log
  readonly nowMs: () => number
  readonly newId: () => string
  readonly random: (bytes: number) => Buffer
  readonly onSent?: (parts: number, tookMs: number) => void
}

/** How long a change may wait for others by which nobody loses anything. */
export const calmMs = 60_000
/** After one that could not be made or sent. */
const againMs = 10_000
/** Sent beside each other: one slow line must not hold up a ward. */
const besideMax = 8
const pauseMaxMs = 100

interface Held {
  /** Absent where it was given by a broker that is gone, or before this one started. */
  readonly view: ZoneView | undefined
  readonly content: string
  readonly sinceMs: number
  readonly renewMs: number
}

export class BundleRounds {
  readonly #needs: BundleRoundsNeeds
  readonly #held = new WeakMap<Connection, Held>()
  readonly #notBeforeMs = new WeakMap<Connection, number>()
  readonly #sending = new Set<Promise<void>>()
  readonly #busy = new WeakSet<Connection>()
  #isStopped = false

  constructor(needs: BundleRoundsNeeds) {
    this.#needs = needs
  }

  /** One look at all connections; never twice at once. Resolves when the last one is on its way. */
  async round(): Promise<void> {
    const { desk, connections } = this.#needs
    const zones = await desk.zones()
    const here = [...connections.all()].filter(
      ({ phase, zoneId }) => phase === 'welcome' && zones.has(zoneId),
    )
    if (here.length === 0) return
    const wanted = new Set(here.map(({ zoneId }) => zoneId))
    await desk.refresh([...zones.values()].filter(({ id }) => wanted.has(id)))
    const due: { connection: Connection; view: ZoneView; rank: number }[] = []
    for (const connection of here) {
      const view = desk.viewOf(connection.zoneId)
      const rank = view && (await this.#rank(connection, view))
      if (view && rank !== undefined) due.push({ connection, view, rank })
    }
    for (const { connection, view } of due.sort((a, b) => a.rank - b.rank)) {
      while (this.#sending.size >= besideMax) await Promise.race(this.#sending)
      if (this.#isStopped) return
      await this.#give(connection, view)
    }
  }

  /** What is not begun is left; what is being sent ends with its connection. */
  stop(): void {
    this.#isStopped = true
  }

  /** Nothing is under way: for an orderly stop, and for tests. */
  async idle(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending)
  }

  /** Whose turn comes first: 0 where somebody may be let in who should not; nothing where none. */
  async #rank(connection: Connection, view: ZoneView): Promise<number | undefined> {
    const nowMs = this.#needs.nowMs()
    if (this.#busy.has(connection) || nowMs < (this.#notBeforeMs.get(connection) ?? 0)) {
      return undefined
    }
    const held = this.#held.get(connection) ?? (await this.#recall(connection))
    if (!held) return 1
    if (nowMs >= held.renewMs) return 3
    if (held.content === view.content) return undefined
    if (!held.view || view.isGraver(held.view)) return 0
    return nowMs - held.sinceMs >= calmMs ? 2 : undefined
  }

  /** What it says it holds, where it was given that. */
  async #recall(connection: Connection): Promise<Held | undefined> {
    const { workstationId, bundleSequence } = connection
    if (bundleSequence === undefined) return undefined
    const given = await this.#needs.desk.findGiven(workstationId, bundleSequence)
    if (!given) return undefined
    const held = {
      view: undefined,
      content: given.content,
      sinceMs: given.issuedMs,
      renewMs: renewalOf(given, this.#needs.random(1).readUInt8() / 256),
    }
    this.#held.set(connection, held)
    return held
  }

  /** Made here, in turn; sent beside whatever comes next. */
  async #give(connection: Connection, view: ZoneView): Promise<void> {
    const beganMs = performance.now()
    this.#busy.add(connection)
    try {
      const made = await this.#needs.desk.make(connection.workstationId, view)
      if (made) this.#send(connection, view, made)
      else this.#putOff(connection)
    } catch (thrown) {
      this.#failed(connection, thrown)
    }
    // As long for taps as it took: at most half of this thread goes into bundles.
    await wait(Math.min(pauseMaxMs, performance.now() - beganMs))
  }

  #send(connection: Connection, view: ZoneView, made: MadeBundle): void {
    const { onSent, random } = this.#needs
    const { issuedMs } = made.issued.answer
    const beganMs = performance.now()
    const sending = connection
      .sendBundle(made, () => newMessageId(this.#needs))
      .then(({ parts }) => {
        const renewMs = renewalOf(made.issued.answer, random(1).readUInt8() / 256)
        this.#held.set(connection, { view, content: view.content, sinceMs: issuedMs, renewMs })
        this.#busy.delete(connection)
        onSent?.(parts, performance.now() - beganMs)
      })
      .catch((thrown: unknown) => {
        this.#failed(connection, thrown)
      })
      .finally(() => this.#sending.delete(sending))
    this.#sending.add(sending)
  }

  #failed(connection: Connection, thrown: unknown): void {
    // One that has gone meanwhile is given one when it comes back.
    if (connection.phase !== 'closed') {
      const code = thrown instanceof Fault ? thrown.code : 'internal'
      const { workstationId } = connection
      this.#needs.log.error('bundle.not-given', { workstationId, code })
    }
    this.#putOff(connection)
  }

  #putOff(connection: Connection): void {
    this.#busy.delete(connection)
    this.#notBeforeMs.set(connection, this.#needs.nowMs() + againMs)
  }
}
