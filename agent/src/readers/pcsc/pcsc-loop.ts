// The loop that watches PC/SC: lists readers, waits for a change, reads what came, tells. It runs
// in the worker thread. Whatever goes wrong drops everything, says so, and begins again.

import type { CardReading, CardRefusalCode } from '../card-identity.ts'
import { refused } from '../card-identity.ts'
import type { ReaderDownReason, ReaderEvent } from '../reader.ts'
import type { CardConnection, PcscBinding, ReaderNews } from './pcsc-binding.ts'
import {
  isServiceAway,
  isWorthReconnecting,
  pcscCodes,
  PcscFault,
  refusalFor,
  stateBits,
} from './pcsc-codes.ts'
import { pnpReader, statesMax } from './pcsc-layout.ts'
import type { PcscLayout } from './pcsc-layout.ts'
import { readUid } from './read-uid.ts'
import { compareLooks } from './status-change.ts'
import type { Happening, LastLook } from './status-change.ts'

/** A wait ends by then even if nothing happens: to notice a stop, and to say that we live. */
const waitMs = 500
const backoffMinMs = 250
/** Well under `aliveWithinMs`: a service that is away does not make us silent. */
const backoffMaxMs = 2000
/**
 * A card at the edge of the field, or held by another program for a moment (Windows' certificate
 * propagation does so at each insertion), is tried again while it lies there.
 */
const retries = 5
const retryWaitMs = 100
const retried: readonly CardRefusalCode[] = ['card-torn', 'card-unreadable', 'card-busy']

export interface PcscLoopNeeds {
  readonly binding: PcscBinding
  readonly layout: Pick<PcscLayout, 'tellsOfReaders' | 'counts' | 'endsWithReaders'>
  /** Readers whose name holds one of these are as if they were not there. */
  readonly ignoredNames: readonly string[]
  readonly emit: (event: ReaderEvent) => void
  readonly monoMs: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly isStopped: () => boolean
}

interface WatchedReader {
  look: LastLook | undefined
  /** The raw state, handed back to the service at the next wait. */
  state: number
  /** Whether `card-seen` was said and `card-gone` was not. */
  seen: boolean
  /** A card that could not be read yet; what it is refused with if that stays so. */
  unread: UnreadCard | undefined
}

interface UnreadCard {
  readonly code: CardRefusalCode
  readonly atMonoMs: number
  readonly fresh: boolean
  readonly triesLeft: number
}

export class PcscLoop {
  readonly #needs: PcscLoopNeeds
  readonly #readers = new Map<string, WatchedReader>()
  #context: number | undefined
  #pnpState = 0
  /** So that a service that stays away is told once, not at each try. */
  #told: 'nothing' | 'up' | 'down' = 'nothing'

  constructor(needs: PcscLoopNeeds) {
    this.#needs = needs
  }

  /** Runs until stopped. Never throws for anything that PC/SC does. */
  async run(): Promise<void> {
    let backoffMs = backoffMinMs
    while (!this.#needs.isStopped()) {
      this.#needs.emit({ kind: 'alive' })
      try {
        await this.#round()
        backoffMs = backoffMinMs
      } catch (error) {
        if (!(error instanceof PcscFault)) throw error
        const ended = this.#needs.layout.endsWithReaders && isServiceAway(error.code)
        this.#drop(ended ? 'unplugged' : 'service-stopped')
        this.#tell(ended ? 'up' : 'down')
        await this.#needs.sleep(backoffMs)
        backoffMs = Math.min(backoffMs * 2, backoffMaxMs)
      }
    }
    this.#release()
  }

  async #round(): Promise<void> {
    const context = (this.#context ??= this.#needs.binding.establish())
    const listed = this.#needs.binding.listReaders(context)
    this.#tell('up')
    this.#followReaders(listed)
    const states = [...this.#readers].map(([name, reader]) => ({ name, known: reader.state }))
    if (this.#needs.layout.tellsOfReaders) states.push({ name: pnpReader, known: this.#pnpState })
    if (states.length === 0) {
      await this.#needs.sleep(waitMs)
      return
    }
    const news = this.#wait(context, states)
    const atMonoMs = this.#needs.monoMs()
    for (const one of news) this.#follow(context, one, atMonoMs)
    // One turn of the event loop, so that the word to stop can get in.
    await this.#needs.sleep(0)
  }

  #wait(
    context: number,
    states: readonly { readonly name: string; readonly known: number }[],
  ): readonly ReaderNews[] {
    try {
      const unread = [...this.#readers.values()].some((reader) => reader.unread !== undefined)
      return this.#needs.binding.wait(context, unread ? retryWaitMs : waitMs, states)
    } catch (error) {
      // A reader went between the list and the wait: the next list tells.
      if (error instanceof PcscFault && error.code === pcscCodes.unknownReader) return []
      throw error
    }
  }

  #followReaders(listed: readonly string[]): void {
    const names = listed
      .filter((name) => !this.#needs.ignoredNames.some((ignored) => name.includes(ignored)))
      .slice(0, statesMax - 1)
    for (const name of this.#readers.keys())
      if (!names.includes(name)) this.#lose(name, 'unplugged')
    for (const name of names) {
      if (this.#readers.has(name)) continue
      this.#readers.set(name, { look: undefined, state: 0, seen: false, unread: undefined })
      this.#needs.emit({
        kind: 'reader-up',
        readerId: readerIdOf(name),
        readerName: name,
        technology: 'pcsc',
      })
    }
  }

  #follow(context: number, news: ReaderNews, atMonoMs: number): void {
    const state = (news.state & ~stateBits.changed) >>> 0
    if (news.name === pnpReader) {
      this.#pnpState = state
      return
    }
    const reader = this.#readers.get(news.name)
    if (reader === undefined) return
    const { look, happenings } = compareLooks(reader.look, news.state, this.#needs.layout.counts)
    reader.look = look
    if (state !== 0) reader.state = state
    if (happenings.length > 0) this.#giveUp(news.name, reader)
    for (const happening of happenings) {
      this.#take(context, news.name, reader, happening, atMonoMs)
    }
    if (happenings.length === 0 && reader.unread !== undefined) {
      this.#tryAgain(context, news.name, reader, reader.unread)
    }
  }

  #take(
    context: number,
    name: string,
    reader: WatchedReader,
    happening: Happening,
    atMonoMs: number,
  ): void {
    switch (happening.kind) {
      case 'went':
        if (reader.seen) {
          this.#needs.emit({ kind: 'card-gone', readerId: readerIdOf(name), atMonoMs })
        }
        reader.seen = false
        return
      case 'flicked':
        this.#refuse(name, 'card-torn', atMonoMs)
        return
      case 'came-mute':
        this.#refuse(name, 'card-mute', atMonoMs)
        return
      case 'came': {
        const card = { atMonoMs, fresh: happening.fresh, triesLeft: retries }
        this.#tryAgain(context, name, reader, card)
      }
    }
  }

  /** One presentation has one outcome: seen, or refused once. */
  #tryAgain(
    context: number,
    name: string,
    reader: WatchedReader,
    { atMonoMs, fresh, triesLeft }: Omit<UnreadCard, 'code'>,
  ): void {
    const reading = this.#read(context, name)
    reader.unread = undefined
    if (reading.kind === 'card') {
      reader.seen = true
      const readerId = readerIdOf(name)
      const { card } = reading
      this.#needs.emit({ kind: 'card-seen', readerId, readerName: name, card, atMonoMs, fresh })
    } else if (retried.includes(reading.code) && triesLeft > 0) {
      reader.unread = { code: reading.code, atMonoMs, fresh, triesLeft: triesLeft - 1 }
    } else this.#refuse(name, reading.code, atMonoMs)
  }

  /** What could not be read is gone, or something else lies there: it is refused now. */
  #giveUp(name: string, reader: WatchedReader): void {
    if (reader.unread === undefined) return
    this.#refuse(name, reader.unread.code, reader.unread.atMonoMs)
    reader.unread = undefined
  }

  #refuse(name: string, code: CardRefusalCode, atMonoMs: number): void {
    this.#needs.emit({ kind: 'card-refused', readerId: readerIdOf(name), code, atMonoMs })
  }

  #read(context: number, name: string): CardReading {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return this.#readOnce(context, name)
      } catch (error) {
        if (!(error instanceof PcscFault)) throw error
        const code = refusalFor(error.code)
        if (code === undefined) throw error
        if (!isWorthReconnecting(error.code) || attempt > 0) return refused(code)
      }
    }
  }

  #readOnce(context: number, readerName: string): CardReading {
    const connection = this.#needs.binding.connect(context, readerName)
    try {
      return readUid((command) => connection.transmit(command))
    } finally {
      closeQuietly(connection)
    }
  }

  /** Everything the service told us is worth nothing now: what lay on a reader counts as gone. */
  #drop(reason: ReaderDownReason): void {
    for (const name of this.#readers.keys()) this.#lose(name, reason)
    this.#release()
  }

  #lose(name: string, reason: ReaderDownReason): void {
    const readerId = readerIdOf(name)
    const reader = this.#readers.get(name)
    if (reader !== undefined) this.#giveUp(name, reader)
    if (reader?.seen === true) {
      this.#needs.emit({ kind: 'card-gone', readerId, atMonoMs: this.#needs.monoMs() })
    }
    this.#readers.delete(name)
    this.#needs.emit({ kind: 'reader-down', readerId, reason })
  }

  #release(): void {
    const context = this.#context
    this.#context = undefined
    this.#pnpState = 0
    if (context === undefined) return
    try {
      this.#needs.binding.release(context)
    } catch (error) {
      // A context of a service that has died cannot be released any more, and need not be.
      if (!(error instanceof PcscFault)) throw error
    }
  }

  #tell(what: 'up' | 'down'): void {
    if (this.#told === what) return
    this.#told = what
    this.#needs.emit(
      what === 'up' ? { kind: 'source-up' } : { kind: 'source-down', reason: 'service-stopped' },
    )
  }
}

/** A card that is gone, or a service, cannot be let go of; what was read before stands. */
function closeQuietly(connection: CardConnection): void {
  try {
    connection.disconnect()
  } catch (error) {
    if (!(error instanceof PcscFault)) throw error
  }
}

function readerIdOf(name: string): string {
  return `pcsc:${name}`
}
