// rf IDEAS readers over USB-HID as a source: finds them by polling (no system tells), takes them
// over, polls them for cards. One loop does it all; every wait in it has a deadline.

import type { BitMeanings } from './identify-bits.ts'
import { unambiguousMeanings } from './identify-bits.ts'
import type { ReaderClock, ReaderDownReason, ReaderEvent, ReaderSource } from '../reader.ts'
import { beforePolling, followPoll } from './follow-polls.ts'
import type { PollState } from './follow-polls.ts'
import type { HidDevice, HidFeatures } from '../../platform/hid-devices.ts'
import { takeOver } from './rf-ideas-reader.ts'
import type { RfIdeasReader } from './rf-ideas-reader.ts'

export const rfIdeasVendorId = 0x0c27
/** These speak CCID as well, and are read there: two sources would make two taps of one. */
const ccidProductIds: readonly number[] = [0xccda, 0xccdb]

const pollEveryMs = 100
const scanEveryMs = 1000
/** A transfer takes milliseconds; a reader that has not answered by then is stuck. */
const answerWithinMs = 2000
/** A reader that failed is left in peace for so long, or until it is plugged in again. */
const restMs = 15_000
/** More than one or two is a mistake; more than this is an attack. */
const readersMax = 8

export interface RfIdeasSourceNeeds {
  readonly clock: ReaderClock
  /** Loaded at the start, so that a machine without node-hid's libraries still has an agent. */
  readonly load: () => Promise<HidFeatures>
  /** What a number of bits means at this site. */
  readonly meanings?: BitMeanings
  /** Devices of this maker that are no readers here: asked nothing, and set to nothing. */
  readonly isLeftAlone?: (device: HidDevice) => boolean
  /** Stop the reader's typing and keep parity on, until it is unplugged. On unless said not. */
  readonly quiet?: boolean
}

type InTime<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed' }
  /** What it says later is dropped. */
  | { readonly kind: 'late' }

interface OpenReader {
  readonly readerId: string
  readonly readerName: string
  readonly reader: RfIdeasReader
  polls: PollState
}

export function rfIdeasSource(needs: RfIdeasSourceNeeds): ReaderSource {
  return new RfIdeasSource(needs)
}

class RfIdeasSource implements ReaderSource {
  readonly kind = 'rf-ideas'
  readonly #needs: RfIdeasSourceNeeds
  readonly #open = new Map<string, OpenReader>()
  /** Paths that are not to be opened again before that time. */
  readonly #resting = new Map<string, number>()
  #emit: ((event: ReaderEvent) => void) | undefined
  #running: Promise<void> = Promise.resolve()
  #wake: (() => void) | undefined

  constructor(needs: RfIdeasSourceNeeds) {
    this.#needs = needs
  }

  start(emit: (event: ReaderEvent) => void): void {
    this.#emit = emit
    this.#running = this.#run().catch((error: unknown) => {
      this.#tell({ kind: 'source-down', reason: 'failed', detail: String(error).slice(0, 200) })
    })
  }

  async stop(): Promise<void> {
    this.#emit = undefined
    this.#wake?.()
    await this.#running
  }

  async #run(): Promise<void> {
    const devices = await this.#load()
    if (devices === undefined) return
    this.#tell({ kind: 'source-up' })
    let scanAtMs = 0
    while (this.#emit !== undefined) {
      if (this.#needs.clock.monoMs() >= scanAtMs) {
        this.#tell({ kind: 'alive' })
        await this.#scan(devices)
        scanAtMs = this.#needs.clock.monoMs() + scanEveryMs
      }
      for (const [path, open] of this.#open) await this.#poll(path, open)
      await this.#pause(this.#open.size === 0 ? scanEveryMs : pollEveryMs)
    }
    await Promise.all([...this.#open.values()].map((open) => this.#close(open)))
  }

  async #load(): Promise<HidFeatures | undefined> {
    try {
      return await this.#needs.load()
    } catch (error) {
      const detail = String(error).slice(0, 200)
      this.#tell({ kind: 'source-down', reason: 'library-missing', detail })
      return undefined
    }
  }

  async #scan(devices: HidFeatures): Promise<void> {
    const answer = await this.#inTime(devices.list())
    if (answer.kind !== 'done') return
    const listed = answer.value
    // hidapi lists one path once for each of its usages.
    const isLeftAlone = this.#needs.isLeftAlone ?? (() => false)
    const ours = listed.filter((device) => isOurs(device) && !isLeftAlone(device))
    const found = new Map(ours.map((device) => [device.path, device]))
    for (const path of this.#resting.keys()) if (!found.has(path)) this.#resting.delete(path)
    for (const [path, open] of this.#open) if (!found.has(path)) this.#lose(path, open, 'unplugged')
    for (const [path, device] of found) {
      if (this.#open.size >= readersMax) return
      if (!this.#open.has(path) && this.#hasRested(path)) await this.#takeOver(devices, device)
    }
  }

  async #takeOver(devices: HidFeatures, device: HidDevice): Promise<void> {
    const opened = await this.#inTime(devices.open(device.path))
    if (opened.kind !== 'done') {
      this.#rest(device.path)
      return
    }
    const taken = await this.#inTime(takeOver(opened.value, this.#needs.quiet ?? true))
    if (taken.kind !== 'done' || taken.value === undefined) {
      this.#rest(device.path)
      await this.#inTime(opened.value.close())
      return
    }
    const reader = taken.value
    const readerId = `rf-ideas:${device.path}`
    const readerName = device.name === '' ? 'rf IDEAS reader' : device.name.slice(0, 128)
    this.#open.set(device.path, { readerId, readerName, reader, polls: beforePolling })
    this.#tell({ kind: 'reader-up', readerId, readerName, technology: 'rf-ideas' })
  }

  async #poll(path: string, open: OpenReader): Promise<void> {
    const answer = await this.#inTime(open.reader.poll())
    if (answer.kind !== 'done') {
      // One that fails is unplugged, and may be back at the next scan; one that hangs is not asked
      // again so soon.
      if (answer.kind === 'late') this.#rest(path)
      this.#lose(path, open, answer.kind === 'late' ? 'failed' : 'unplugged')
      return
    }
    const poll = answer.value
    const atMonoMs = this.#needs.clock.monoMs()
    const { readerId, readerName } = open
    const { state, news } = followPoll(
      open.polls,
      poll,
      this.#needs.meanings ?? unambiguousMeanings,
    )
    open.polls = state
    for (const one of news) {
      if (one.kind === 'went') this.#tell({ kind: 'card-gone', readerId, atMonoMs })
      else if (one.reading.kind === 'refused') {
        this.#tell({ kind: 'card-refused', readerId, code: one.reading.code, atMonoMs })
      } else {
        const { card } = one.reading
        this.#tell({
          kind: 'card-seen',
          readerId,
          readerName,
          card,
          atMonoMs,
          fresh: one.fresh,
        })
      }
    }
  }

  #lose(path: string, open: OpenReader, reason: ReaderDownReason): void {
    this.#open.delete(path)
    const { readerId } = open
    if (open.polls.seen) {
      this.#tell({ kind: 'card-gone', readerId, atMonoMs: this.#needs.clock.monoMs() })
    }
    this.#tell({ kind: 'reader-down', readerId, reason })
    void this.#close(open)
  }

  async #close(open: OpenReader): Promise<void> {
    await this.#inTime(open.reader.close())
  }

  #rest(path: string): void {
    this.#resting.set(path, this.#needs.clock.monoMs() + restMs)
  }

  #hasRested(path: string): boolean {
    return (this.#resting.get(path) ?? 0) <= this.#needs.clock.monoMs()
  }

  /** A reader that cannot be talked to has one meaning, whatever hidapi's words for it. */
  async #inTime<T>(work: Promise<T>): Promise<InTime<T>> {
    const late = Promise.withResolvers<InTime<T>>()
    const forget = this.#needs.clock.after(answerWithinMs, () => {
      late.resolve({ kind: 'late' })
    })
    const done = work.then(
      (value): InTime<T> => ({ kind: 'done', value }),
      (): InTime<T> => ({ kind: 'failed' }),
    )
    const result = await Promise.race([done, late.promise])
    forget()
    return result
  }

  async #pause(ms: number): Promise<void> {
    if (this.#emit === undefined) return
    const over = Promise.withResolvers<undefined>()
    const forget = this.#needs.clock.after(ms, () => {
      over.resolve(undefined)
    })
    this.#wake = () => {
      over.resolve(undefined)
    }
    await over.promise
    forget()
  }

  #tell(event: ReaderEvent): void {
    this.#emit?.(event)
  }
}

function isOurs(device: HidDevice): boolean {
  return device.vendorId === rfIdeasVendorId && !ccidProductIds.includes(device.productId)
}
