// Gives workstations their bundles, as the product's door does with its own rounds: the same people,
// views, numbers and signatures. Who is given one, and when, goes by the same reasons, without the
// product's care for its own load; after another connection it is always a new one.

import type { KeyObject } from 'node:crypto'
import type { Connection } from '@wardkey/broker/doors/workstations/connection'
import { calmMs } from '@wardkey/broker/doors/workstations/bundle-rounds'
import type { Connections } from '@wardkey/broker/doors/workstations/connections'
import { BundleDesk } from '@wardkey/broker/flows/bundles/bundle-desk'
import type { BundleDeskNeeds } from '@wardkey/broker/flows/bundles/bundle-desk'
import { issueBundle } from '@wardkey/broker/flows/bundles/issue-bundle'
import { writeBundle } from '@wardkey/broker/flows/bundles/write-bundle'
import type { ZoneView } from '@wardkey/broker/flows/bundles/zone-view'
import { newMessageId } from '@wardkey/broker/flows/flow-needs'
import type { FlowNeeds } from '@wardkey/broker/flows/flow-needs'
import type { Perform } from '@wardkey/broker/flows/perform'
import { Fault } from '@wardkey/broker/platform/fault'

export interface BundleGiverNeeds {
  /** Reads at once: people are read while time stands still. */
  readonly desk: Omit<BundleDeskNeeds, 'signKey'>
  readonly flow: FlowNeeds & { readonly perform: Perform }
  readonly signKey: KeyObject
  readonly connections: Connections
  readonly real: <T>(work: Promise<T>) => Promise<T>
  readonly monoMs: () => number
  /** So long ago its people were looked at. */
  readonly onGiven: (workstation: string, sequence: number, ageMs: number) => void
}

interface Held {
  readonly view: ZoneView
  readonly sinceMs: number
  readonly renewMs: number
}

/** When people were looked at: on the broker's wall clock, and on the even one. */
interface Look {
  readonly asOfMs: number
  readonly lookedMs: number
}

export class BundleGiver {
  readonly #needs: BundleGiverNeeds
  readonly #desk: BundleDesk
  readonly #held = new WeakMap<Connection, Held>()

  constructor(needs: BundleGiverNeeds) {
    this.#needs = needs
    this.#desk = new BundleDesk({ ...needs.desk, signKey: needs.signKey })
  }

  /** Never twice at once. */
  async round(): Promise<void> {
    const { real, flow, connections, monoMs } = this.#needs
    const zones = await real(this.#desk.zones())
    for (const connection of [...connections.all()]) {
      if (connection.phase !== 'welcome' || !zones.has(connection.zoneId)) continue
      await real(this.#desk.refresh(zones.values()))
      const asOfMs = flow.nowMs()
      const lookedMs = monoMs()
      const view = this.#desk.viewOf(connection.zoneId)
      const held = this.#held.get(connection)
      if (view && isDue(view, held, asOfMs))
        await this.#give(connection, view, { asOfMs, lookedMs })
    }
  }

  async #give(connection: Connection, view: ZoneView, { asOfMs, lookedMs }: Look): Promise<void> {
    const { flow, desk, signKey, real, onGiven, monoMs } = this.#needs
    const { workstationId } = connection
    const issued = await flow.perform(() => issueBundle({ workstationId, view, asOfMs }, flow))
    const { sequence, expiresMs } = issued.answer
    const needs = { ...desk, signKey }
    const text = await real(writeBundle(issued.answer, view, new Map(), needs))
    onGiven(workstationId, sequence, monoMs() - lookedMs)
    try {
      await connection.sendBundle({ issued, text }, () => newMessageId(flow))
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown
      return
    }
    const renewMs = asOfMs + (expiresMs - asOfMs) / 2
    this.#held.set(connection, { view, sinceMs: asOfMs, renewMs })
  }
}

/** Somebody who lost something is told of at once, any other change a little later. */
function isDue(view: ZoneView, held: Held | undefined, nowMs: number): boolean {
  if (!held || nowMs >= held.renewMs || nowMs < held.sinceMs) return true
  if (held.view.content === view.content) return false
  return view.isGraver(held.view) || nowMs - held.sinceMs >= calmMs
}
