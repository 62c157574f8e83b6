// Who lost what opens screens is said at once to every connected workstation of the zones
// concerned, ahead of the bundles that will say it too (decision 0038); whoever does not say that
// it is kept is told again, a few times. It never closes a connection: taps go over it.

import type { PersonId } from '@wardkey/protocol/ids'
import { newMessageId } from '../../flows/flow-needs.ts'
import type { BundleDesk } from '../../flows/bundles/bundle-desk.ts'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'

export interface OutWordsNeeds {
  readonly desk: Pick<BundleDesk, 'zones' | 'writeOut'>
  readonly connections: Connections
  readonly log: Log
  readonly newId: () => string
  readonly monoMs: () => number
}

/** The first one goes at once; what comes right after it shares the next. */
export const betweenMs = 250
/** Who has not said by then that it is on the disk is told again, so often. */
export const keptWithinMs = 10_000
const timesMax = 3
/** Whoever comes back later than that has been given a bundle that knows it. */
const rememberMs = 10 * 60_000
const rememberedMax = 5000

interface Leaver {
  readonly personId: PersonId
  /** What she has left. */
  readonly roles: ReadonlySet<string>
  readonly sinceMs: number
}

interface Owed {
  readonly text: string
  readonly times: number
  readonly sinceMs: number
}

export class OutWords {
  readonly #needs: OutWordsNeeds
  readonly #owed = new WeakMap<Connection, Map<string, Owed>>()
  #waiting: Leaver[] = []
  #recent: Leaver[] = []
  #saidMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #saying: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(needs: OutWordsNeeds) {
    this.#needs = needs
  }

  /** Once what she lost is durable. */
  add(personId: PersonId, roles: readonly string[]): void {
    const sinceMs = this.#needs.monoMs()
    this.#waiting.push({ personId, roles: new Set(roles), sinceMs })
    if (this.#timer !== undefined || this.#isStopped) return
    const waitMs = Math.max(0, this.#saidMs + betweenMs - sinceMs)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#saidMs = this.#needs.monoMs()
      const leavers = this.#waiting.splice(0)
      this.#recent = [...this.#recent, ...leavers].slice(-rememberedMax)
      this.#then(() => this.#say(leavers, [...this.#needs.connections.all()]))
    }, waitMs)
  }

  /** It may have been away when it was said to the others. */
  welcomed(connection: Connection): void {
    const fromMs = this.#needs.monoMs() - rememberMs
    this.#recent = this.#recent.filter(({ sinceMs }) => sinceMs >= fromMs)
    const leavers = this.#recent
    if (leavers.length > 0) this.#then(() => this.#say(leavers, [connection]))
  }

  kept(connection: Connection, word: string): void {
    this.#owed.get(connection)?.delete(word)
  }

  /** Now and then: who owes an answer for too long is told again, and at last given up. */
  look(): void {
    const lateMs = this.#needs.monoMs() - keptWithinMs
    for (const connection of this.#needs.connections.all()) {
      for (const [id, { text, times, sinceMs }] of this.#owed.get(connection) ?? []) {
        if (sinceMs > lateMs) continue
        this.kept(connection, id)
        if (times < timesMax) this.#tell(connection, text, times + 1)
        else {
          const { workstationId } = connection
          this.#needs.log.warn('workstation.out-not-kept', { workstationId })
        }
      }
    }
  }

  /** Resolves when nothing is being said any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#saying
  }

  /** For tests: everything that was to be said by now is said. */
  idle(): Promise<void> {
    return this.#saying
  }

  #then(act: () => Promise<void>): void {
    this.#saying = this.#saying.then(act).catch((thrown: unknown) => {
      // The bundles that follow say it too.
      const code = thrown instanceof Fault ? thrown.code : 'internal'
      this.#needs.log.error('workstation.out-not-said', { code })
    })
  }

  async #say(leavers: readonly Leaver[], to: readonly Connection[]): Promise<void> {
    const { desk } = this.#needs
    const zones = await desk.zones()
    const texts = new Map<string, readonly string[]>()
    for (const connection of to) {
      const zone = zones.get(connection.zoneId)
      if (!zone || connection.phase !== 'welcome') continue
      const { roles } = zone.settings
      const said =
        texts.get(zone.id) ??
        desk.writeOut(
          zone.id,
          leavers.filter((one) => !roles.some((role) => one.roles.has(role))),
        )
      texts.set(zone.id, said)
      for (const text of said) this.#tell(connection, text, 1)
    }
  }

  #tell(connection: Connection, text: string, times: number): void {
    if (connection.phase !== 'welcome') return
    const id = newMessageId(this.#needs)
    const owed = this.#owed.get(connection) ?? new Map<string, Owed>()
    this.#owed.set(connection, owed.set(id, { text, times, sinceMs: this.#needs.monoMs() }))
    connection.sendNotice({ kind: 'people-out', id, text })
  }
}
