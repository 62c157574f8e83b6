// Merges all sources into one stream, swallows flutter, and keeps the status a person sees. It
// holds the only list of sources that are running; what a tap means is not its business.

import { debounce, noDebounce } from './debounce.ts'
import type { SeenCard } from './card-identity.ts'
import type { ReaderClock, ReaderEvent, ReaderSource } from './reader.ts'
import { beforeReaders, checkSilence, hear, statusKind } from './reader-status.ts'
import type { ReaderStatus, ReaderStatusKind } from './reader-status.ts'

const checkEveryMs = 1000

export interface WatchNeeds {
  readonly sources: readonly ReaderSource[]
  readonly clock: ReaderClock
  /** The same card again within this of having been there is the same tap. 1,500 unless said. */
  readonly debounceMs?: number
  /** Trouble shorter than this is not shown: a service that restarts, a cable that wobbles. */
  readonly patienceMs?: number
  readonly onEvent: (event: ReaderEvent) => void
  /** The same card shown again by a hand, too soon to be another tap. */
  readonly onAgain?: (card: SeenCard) => void
  /** Called when it changes, and once after the start. */
  readonly onStatus: (status: ReaderStatus) => void
}

export interface ReaderWatch {
  /** The last status that was told; `none` before that. */
  status(): ReaderStatus
  stop(): Promise<void>
}

/**
 * Starts all sources and watches over them.
 *
 * A card that goes, or a reader or service that goes with a card on it, is told at once; only the
 * status waits a little before it says trouble. Nothing is told once `stop` was called.
 */
export function watchReaders(needs: WatchNeeds): ReaderWatch {
  return new Watch(needs)
}

class Watch implements ReaderWatch {
  readonly #needs: WatchNeeds
  readonly #patienceMs: number
  readonly #debounceMs: number
  #readers
  #debounce = noDebounce
  #told: ReaderStatus
  #wasTold = false
  /** What is so now, told or not yet. */
  #now: { readonly kind: ReaderStatusKind; readonly sinceMs: number }
  #forgetPatience: (() => void) | undefined
  #forgetCheck: (() => void) | undefined
  #stopped = false

  constructor(needs: WatchNeeds) {
    this.#needs = needs
    this.#patienceMs = needs.patienceMs ?? 2000
    this.#debounceMs = needs.debounceMs ?? 1500
    const nowMs = needs.clock.monoMs()
    const kinds = needs.sources.map((source) => source.kind)
    this.#readers = beforeReaders(kinds, nowMs)
    this.#now = { kind: 'none', sinceMs: nowMs }
    this.#told = statusOf(this.#now)
    this.#tellInPatience()
    this.#check()
    for (const source of needs.sources) {
      source.start((event) => {
        this.#hear(source, event)
      })
    }
  }

  status(): ReaderStatus {
    return this.#told
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#forgetPatience?.()
    this.#forgetCheck?.()
    await Promise.all(this.#needs.sources.map((source) => source.stop()))
  }

  #hear(source: ReaderSource, event: ReaderEvent): void {
    if (this.#stopped) return
    const nowMs = this.#needs.clock.monoMs()
    this.#readers = hear(this.#readers, source.kind, event, nowMs)
    const { state, pass, isAgain } = debounce(this.#debounce, event, this.#debounceMs)
    this.#debounce = state
    if (isAgain && event.kind === 'card-seen') this.#needs.onAgain?.(event.card)
    if (pass && event.kind !== 'alive') this.#needs.onEvent(event)
    this.#judge(nowMs)
  }

  #check(): void {
    this.#forgetCheck = this.#needs.clock.after(checkEveryMs, () => {
      const nowMs = this.#needs.clock.monoMs()
      this.#readers = checkSilence(this.#readers, nowMs, checkEveryMs)
      this.#judge(nowMs)
      this.#check()
    })
  }

  #judge(nowMs: number): void {
    const kind = statusKind(this.#readers)
    if (kind === this.#now.kind) return
    // One kind of trouble turning into another does not start the patience anew.
    const goesOn = kind !== 'ready' && this.#now.kind !== 'ready'
    this.#now = { kind, sinceMs: goesOn ? this.#now.sinceMs : nowMs }
    if (kind === 'ready') this.#tell()
    else if (this.#forgetPatience === undefined) {
      if (this.#wasTold && this.#told.kind !== 'ready') this.#tell()
      else this.#tellInPatience()
    }
  }

  #tellInPatience(): void {
    this.#forgetPatience = this.#needs.clock.after(this.#patienceMs, () => {
      this.#tell()
    })
  }

  #tell(): void {
    this.#forgetPatience?.()
    this.#forgetPatience = undefined
    const status = statusOf(this.#now)
    if (this.#wasTold && status.kind === this.#told.kind) return
    this.#told = status
    this.#wasTold = true
    this.#needs.onStatus(status)
  }
}

function statusOf(now: { kind: ReaderStatusKind; sinceMs: number }): ReaderStatus {
  return { kind: now.kind, sinceMs: now.sinceMs, code: `reader-${now.kind}` }
}
