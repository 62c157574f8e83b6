// Takes the events of other systems into the record, one after the other, and counts what came of
// them: also what was not understood, so that somebody can put the table right.

import type { Perform } from '../../flows/perform.ts'
import { isTaken, takeEvent } from '../../flows/feeds/take-event.ts'
import type { TakeEventNeeds } from '../../flows/feeds/take-event.ts'
import { Fault } from '../../platform/fault.ts'
import type { FeedSetting } from '../../platform/setting-rows/feed-settings.ts'
import { makeMapEvent } from './map-event.ts'
import type { MapEvent, RawEvent, Unmapped } from './map-event.ts'

export interface FeedDeskNeeds extends TakeEventNeeds {
  readonly perform: Perform
  readonly onEvent: (feed: string, outcome: FeedOutcome) => void
}

export type FeedOutcome = 'taken' | 'repeated' | 'ignored' | 'unmapped'

/** What came of a few events: of those that were not understood, which and why. */
export interface Taken {
  readonly taken: number
  readonly repeated: number
  readonly ignored: number
  readonly unmapped: readonly { readonly at: number; readonly why: Unmapped }[]
}

export interface FeedState {
  readonly name: string
  readonly kind: FeedSetting['kind']
  readonly counts: Readonly<Record<FeedOutcome, number>>
  readonly lastMs: number | undefined
  /** The doors, directions and so on that the table does not know, those seen last. */
  readonly unmapped: readonly {
    readonly why: Unmapped
    readonly what: string
    readonly count: number
  }[]
}

/** Different things that are remembered as not understood; beyond that the oldest is forgotten. */
const unmappedMax = 100

interface Feed {
  readonly setting: FeedSetting
  readonly map: MapEvent
  readonly counts: Record<FeedOutcome, number>
  readonly unmapped: Map<string, { why: Unmapped; what: string; count: number }>
  lastMs: number | undefined
}

export class FeedDesk {
  readonly #needs: FeedDeskNeeds
  readonly #feeds: ReadonlyMap<string, Feed>

  /** Throws Fault `settings-not-valid` where a table names what there is none of. */
  constructor(settings: readonly FeedSetting[], needs: FeedDeskNeeds) {
    this.#needs = needs
    this.#feeds = new Map(settings.map((setting) => [setting.name, feedOf(setting)]))
  }

  find(name: string): FeedSetting | undefined {
    return this.#feeds.get(name)?.setting
  }

  list(): readonly FeedState[] {
    return [...this.#feeds.values()].map(({ setting, counts, lastMs, unmapped }) => ({
      ...{ name: setting.name, kind: setting.kind, counts: { ...counts }, lastMs },
      unmapped: [...unmapped.values()].reverse(),
    }))
  }

  /** Throws the store's Fault; what came before it is taken, and known when it comes again. */
  async take(name: string, events: readonly RawEvent[]): Promise<Taken> {
    const feed = this.#feeds.get(name)
    if (!feed) throw new Error('a feed that is not there')
    const taken = { taken: 0, repeated: 0, ignored: 0 }
    const unmapped: { at: number; why: Unmapped }[] = []
    for (const [at, raw] of events.entries()) {
      const mapped = feed.map(raw)
      let outcome: FeedOutcome
      if (mapped.kind === 'event') outcome = await this.#takeOne(name, mapped.event)
      else outcome = mapped.kind
      feed.counts[outcome] += 1
      this.#needs.onEvent(name, outcome)
      if (mapped.kind !== 'unmapped') taken[outcome as Exclude<FeedOutcome, 'unmapped'>] += 1
      else {
        unmapped.push({ at, why: mapped.why })
        remember(feed, mapped)
      }
    }
    feed.lastMs = this.#needs.nowMs()
    return { ...taken, unmapped }
  }

  async #takeOne(
    feed: string,
    event: Extract<ReturnType<MapEvent>, { kind: 'event' }>['event'],
  ): Promise<'taken' | 'repeated'> {
    const { perform } = this.#needs
    const told = { ...event, feed }
    if (await isTaken(told, this.#needs)) return 'repeated'
    try {
      await perform(() => takeEvent(told, this.#needs))
      return 'taken'
    } catch (thrown) {
      // The other one of two at once was first: its row stands in the way of ours, for good.
      const isContended = thrown instanceof Fault && thrown.code === 'store-contended'
      if (isContended && (await isTaken(told, this.#needs))) return 'repeated'
      throw thrown
    }
  }
}

function feedOf(setting: FeedSetting): Feed {
  const map = makeMapEvent(setting)
  if (!map) {
    const cause = new Error(`feeds: ${setting.name} has no such badgeFormat or timeZone`)
    throw new Fault('settings-not-valid', 'permanent', { cause })
  }
  const counts = { taken: 0, repeated: 0, ignored: 0, unmapped: 0 }
  return { setting, map, counts, unmapped: new Map(), lastMs: undefined }
}

function remember(
  { unmapped }: Feed,
  { why, what }: Extract<ReturnType<MapEvent>, { kind: 'unmapped' }>,
): void {
  const key = `${why} ${what}`
  const { count = 0 } = unmapped.get(key) ?? {}
  // Put at the end again: those seen last are kept.
  unmapped.delete(key)
  unmapped.set(key, { why, what, count: count + 1 })
  const [oldest] = unmapped.keys()
  if (unmapped.size > unmappedMax && oldest !== undefined) unmapped.delete(oldest)
}
