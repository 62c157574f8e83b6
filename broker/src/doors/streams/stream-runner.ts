// Sends one stream: one broker of several at a time, in the order of the record, from the place
// that the store keeps. Whatever goes wrong, the next try begins where nothing is known to have
// arrived; nobody waits for it.

import type { FlowNeeds } from '../../flows/flow-needs.ts'
import {
  addStream,
  advanceStream,
  failStream,
  findStream,
  noteHanded,
  ownStream,
} from '../../flows/streams/stream-row.ts'
import type { StreamPlace, StreamRow } from '../../flows/streams/stream-row.ts'
import type { PersonKeys } from '../../audit/person-keys.ts'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import type { StreamSetting } from '../../platform/setting-rows/stream-settings.ts'
import type { Store, Write } from '../../store/store.ts'
import { readEvents } from './read-events.ts'
import { failedBy, SendFailed } from './senders/sender.ts'
import type { Sender } from './senders/sender.ts'

export interface StreamNeeds extends Pick<FlowNeeds, 'nowMs'> {
  readonly store: Store
  readonly log: Log
  readonly monotonicMs: () => number
  /** From 0 to below 1: so that brokers do not all come back at once. */
  readonly chance: () => number
  readonly personKeys: Pick<PersonKeys, 'unwrap'>
  readonly origin: string
  /** Facts under the newest checkpoint that this broker has compared with the disk. */
  readonly sealedSize: () => number
  /** The run of this broker. */
  readonly runId: string
}

/** Of one tick; then the others have their turn. */
const batchesMax = 40
const restMaxMs = 50
const retryFirstMs = 1_000
const retryMaxMs = 60_000
/** A broker that has not written for so long is taken to be gone. */
const leaseMs = 15_000
const beatMs = 5_000
/** A receiver that is so far behind is worth a word. */
const behindMs = 5 * 60_000
const behindAgainMs = 60 * 60_000

interface Pending {
  readonly place: StreamPlace
  readonly count: number
  readonly atMs: number
}

export class StreamRunner {
  readonly #setting: StreamSetting
  readonly #sender: Sender
  readonly #needs: StreamNeeds
  /** As this broker has written or read it last, while the stream is its own. */
  #row: StreamRow | undefined
  #at: StreamPlace = { nextIndex: 0, previousIndex: undefined }
  /** Handed over, and not known to have arrived. */
  #pending: Pending[] = []
  #batchMax: number
  #failures = 0
  #notBeforeMs = -Infinity
  #wroteMs = -Infinity
  #seen: { readonly version: number; readonly sinceMs: number } | undefined
  #behind: { readonly sinceMs: number; toldMs: number } | undefined

  constructor(setting: StreamSetting, sender: Sender, needs: StreamNeeds) {
    this.#setting = setting
    this.#sender = sender
    this.#needs = needs
    this.#batchMax = sender.batchMax
  }

  /** Facts under a checkpoint that were not handed over; nothing where another broker sends. */
  get behind(): number | undefined {
    return this.#row && Math.max(0, this.#needs.sealedSize() - this.#at.nextIndex)
  }

  get failures(): number {
    return this.#failures
  }

  /** One look, and what there is to send. It throws only where the store fails. */
  async tick(): Promise<void> {
    if (!(await this.#isOurs())) return
    if (this.#needs.monotonicMs() >= this.#notBeforeMs) {
      try {
        await this.#sendAll()
      } catch (thrown) {
        // The database or the record: not the receiver's fault, and somebody else's to tell.
        if (thrown instanceof Fault) throw thrown
        await this.#failed(thrown)
      }
    }
    await this.#beat()
    this.#tellBehind()
  }

  /** Lets another broker have it at once. */
  async stop(): Promise<void> {
    const row = this.#row
    await this.#leave()
    if (row) await this.#commit(ownStream(this.#needs.store.read, row, null))
  }

  async #isOurs(): Promise<boolean> {
    const { store, runId } = this.#needs
    const row = await this.#found()
    if (!row) return false
    if (row.owner === runId) {
      // Somebody has moved it, or a write of ours came through that nobody told us of.
      if (row.version !== this.#row?.version) await this.#begin(row)
      return true
    }
    if (this.#row) {
      this.#needs.log.warn('stream.lost', { place: row.name })
      await this.#leave()
    }
    // On SQLite there is no other broker: whoever had it is dead.
    const isFree = row.owner === undefined || store.engine === 'sqlite' || this.#isForsaken(row)
    if (!isFree || !(await this.#commit(ownStream(store.read, row, runId)))) return false
    await this.#begin({ ...row, owner: runId, version: row.version + 1 })
    this.#needs.log.info('stream.taken', { place: row.name, count: row.nextIndex })
    return true
  }

  async #found(): Promise<StreamRow | undefined> {
    const { store, sealedSize } = this.#needs
    const { name, from } = this.#setting
    const row = await findStream(store.read, name)
    if (row) return row
    await this.#commit(addStream(store.read, name, from === 'now' ? sealedSize() : 0))
    return findStream(store.read, name)
  }

  /** By this broker's own clock: those of two machines need not agree. */
  #isForsaken({ version }: StreamRow): boolean {
    const nowMs = this.#needs.monotonicMs()
    if (this.#seen?.version !== version) this.#seen = { version, sinceMs: nowMs }
    return nowMs - this.#seen.sinceMs >= leaseMs
  }

  async #begin(row: StreamRow): Promise<void> {
    this.#row = row
    this.#wroteMs = this.#needs.monotonicMs()
    this.#restart()
    await this.#sender.close()
  }

  async #leave(): Promise<void> {
    this.#row = undefined
    this.#pending = []
    this.#behind = undefined
    await this.#sender.close()
  }

  /** Back to what is known to have arrived. */
  #restart(): void {
    const { nextIndex = 0, previousIndex } = this.#row ?? {}
    this.#at = { nextIndex, previousIndex }
    this.#pending = []
  }

  async #sendAll(): Promise<void> {
    const sender = this.#sender
    // A receiver that cuts its way right after each message is not to be asked twice a second.
    if (sender.isCut && this.#pending.length > 0) throw new SendFailed('cut', 'transient')
    for (let batch = 0; batch < batchesMax && this.#row; batch++) {
      const beganMs = this.#needs.monotonicMs()
      const read = await readEvents(
        this.#at,
        this.#needs.sealedSize(),
        this.#batchMax,
        this.#setting,
        { ...this.#needs, db: this.#needs.store.read },
      )
      if (read.place.nextIndex === this.#at.nextIndex) break
      const count = read.events.length
      if (count > 0) {
        const isNew = await sender.open(this.#at)
        if (isNew && this.#at.nextIndex !== this.#row.nextIndex) {
          this.#restart()
          continue
        }
        await sender.send(read.events)
      }
      this.#at = read.place
      this.#handed(count)
      if (!sender.settling) await this.#settle()
      await this.#rest(beganMs)
    }
    await this.#settle()
  }

  /** As long as it took: whoever catches up with years leaves half of the thread to taps. */
  #rest(beganMs: number): Promise<void> {
    const tookMs = this.#needs.monotonicMs() - beganMs
    return new Promise((resolve) => {
      if (tookMs < 1) setImmediate(resolve)
      else setTimeout(resolve, Math.min(restMaxMs, tookMs))
    })
  }

  #handed(count: number): void {
    const place = this.#at
    const last = this.#pending.at(-1)
    // What was only passed over belongs to the message before it, or to nobody.
    if (count > 0) this.#pending.push({ place, count, atMs: this.#needs.monotonicMs() })
    else if (last) this.#pending[this.#pending.length - 1] = { ...last, place }
  }

  /** What has arrived is kept: after a crash it is not sent again. */
  async #settle(): Promise<void> {
    const row = this.#row
    if (!row) return
    const isHealed = row.failingMs !== undefined && this.#isProven()
    const settled = this.#settled()
    const handed = this.#at.nextIndex
    const hasArrived = settled !== undefined && settled.nextIndex !== row.nextIndex
    if (!hasArrived && !isHealed && handed === row.handedIndex) return
    const { store, nowMs, log } = this.#needs
    const write = hasArrived
      ? advanceStream(store.read, row, settled, handed, nowMs())
      : noteHanded(store.read, row, handed, isHealed)
    if (!(await this.#commit(write))) {
      // Moved, or taken by another: the next look finds out which.
      await this.#leave()
      return
    }
    const well = hasArrived || isHealed
    if (well) this.#failures = 0
    if (well && row.failingMs !== undefined) log.info('stream.back', { place: row.name })
    this.#row = {
      ...row,
      ...(hasArrived ? settled : {}),
      ...(well ? { failingMs: undefined, reason: undefined, attempts: 0 } : {}),
      handedIndex: handed,
      version: row.version + 1,
    }
  }

  /** Its way has lived on for long enough since what was handed over first. */
  #isProven(): boolean {
    const { settling, isCut } = this.#sender
    const [first] = this.#pending
    if (!settling || isCut || !first) return false
    return this.#needs.monotonicMs() - first.atMs >= settling.afterMs
  }

  #settled(): StreamPlace | undefined {
    const { settling, isCut } = this.#sender
    if (!settling) this.#pending = []
    if (this.#pending.length === 0) return this.#at
    if (!settling || isCut) return undefined
    let after = this.#pending.reduce((sum, { count }) => sum + count, 0)
    let settled: StreamPlace | undefined
    const nowMs = this.#needs.monotonicMs()
    for (;;) {
      const [first] = this.#pending
      if (!first || nowMs - first.atMs < settling.afterMs) break
      after -= first.count
      if (after < settling.keepMin) break
      settled = first.place
      this.#pending.shift()
    }
    return settled
  }

  async #failed(thrown: unknown): Promise<void> {
    const { store, log, nowMs, monotonicMs, chance } = this.#needs
    const failed = failedBy(thrown)
    const row = this.#row
    if (!row) return
    const isSmaller = failed.class === 'too-large' && this.#batchMax > 1
    // It stays smaller until the next start: a receiver’s limit is no accident.
    if (isSmaller) this.#batchMax = Math.ceil(this.#batchMax / 2)
    const doubled = Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(this.#failures, 16))
    const isPatient = failed.class !== 'transient' && !isSmaller
    const waitMs = isPatient ? retryMaxMs : doubled
    this.#failures += 1
    this.#notBeforeMs = monotonicMs() + waitMs * (0.5 + chance() / 2)
    const told = { place: row.name, reason: failed.message, attempt: this.#failures }
    log.warn('stream.failed', told)
    await this.#sender.close()
    this.#restart()
    const isWritten = await this.#commit(failStream(store.read, row, failed.message, nowMs()))
    if (!isWritten) return this.#leave()
    const failingMs = row.failingMs ?? nowMs()
    const state = { failingMs, reason: failed.message, attempts: row.attempts + 1 }
    this.#row = { ...row, ...state, version: row.version + 1 }
  }

  /** So that nobody takes it while there is nothing to send. */
  async #beat(): Promise<void> {
    const { store, monotonicMs, runId } = this.#needs
    const row = this.#row
    if (!row || store.engine === 'sqlite' || monotonicMs() - this.#wroteMs < beatMs) return
    if (await this.#commit(ownStream(store.read, row, runId))) {
      this.#row = { ...row, version: row.version + 1 }
    } else await this.#leave()
  }

  #tellBehind(): void {
    const { monotonicMs, log } = this.#needs
    const count = this.behind ?? 0
    const nowMs = monotonicMs()
    if (count === 0) {
      this.#behind = undefined
      return
    }
    this.#behind ??= { sinceMs: nowMs, toldMs: -Infinity }
    const { sinceMs, toldMs } = this.#behind
    if (nowMs - sinceMs < behindMs || nowMs - toldMs < behindAgainMs) return
    this.#behind.toldMs = nowMs
    log.warn('stream.behind', { place: this.#setting.name, count, durationMs: nowMs - sinceMs })
  }

  /** False where somebody else has written it since. */
  async #commit(write: Write): Promise<boolean> {
    const { kind } = await this.#needs.store.commit({ kind: 'housekeeping', writes: [write] })
    if (kind === 'committed') this.#wroteMs = this.#needs.monotonicMs()
    return kind === 'committed'
  }
}
