// What this workstation decided and saw without a broker, until one has it: in order, chained, and
// durable before anybody is told. What only locks is kept in memory where the disk does not take
// it.

import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import { ownDisk } from '../../platform/disk.ts'
import type { Disk } from '../../platform/disk.ts'
import type { Log } from '../../platform/log.ts'
import type { Sealer } from '../../platform/seal.ts'
import { countOf, gapAfter } from './journal-count.ts'
import type { CountedLines, JournalCount } from './journal-count.ts'
import { JournalFile } from './journal-file.ts'
import { baseOf, lineAfter, nothingBefore } from './journal-lines.ts'
import type { Base, Line, NewEntry } from './journal-lines.ts'

export interface JournalNeeds {
  readonly folder: string
  readonly sealer: Sealer
  readonly newId: () => string
  readonly clock: Clock
  readonly log: Log
  /** The system's own where none is handed in. */
  readonly disk?: Disk
}

interface Wish {
  readonly entries: readonly NewEntry[]
  /** Written when it can be; the others are withdrawn where it cannot be at once. */
  readonly isKept: boolean
  readonly resolve: (isDurable: boolean) => void
}

/** Days of a busy workstation; beyond it nothing opens any more, and what locks still has room. */
export const decisionsMax = 10_000
const linesMax = 12_000
/** What was seen of somebody, however often it is told, leaves the room for who is let in. */
const seenMax = 6000
const wishesMax = 1000
const retryFromMs = 1000
const retryMaxMs = 30_000

export class Journal {
  readonly #needs: JournalNeeds
  readonly #file: JournalFile
  #journalId: string | undefined
  #base: Base = nothingBefore
  #lines: Line[] = []
  #wishes: Wish[] = []
  /** Something was wished since the last writing began. */
  #isDue = false
  /** The one that writes; everybody else waits in line. */
  #running: Promise<void> | undefined
  #retryMs = retryFromMs
  /** That it is full was said, and it is so still. */
  #isFullSaid = false
  #forgetRetry: () => void = () => undefined
  /** There is more to tell a broker than before. */
  onMore: () => void = () => undefined
  /** All of it is in the record: waited for before its file goes. Must not reject. */
  beforeRemoval: () => Promise<void> = () => Promise.resolve()
  /** There was a file of an earlier run, whatever could be read of it. */
  readonly wasFound: boolean

  constructor(needs: JournalNeeds) {
    this.#needs = needs
    const { folder, sealer, disk = ownDisk } = needs
    this.#file = new JournalFile(join(folder, 'offline-journal'), sealer, disk)
    const { contents, state } = this.#file.find()
    this.wasFound = contents !== undefined || state !== 'whole'
    if (state !== 'whole') needs.log.error('offline.journal-cut', { reason: state })
    if (!contents) return
    this.#journalId = contents.journalId
    this.#base = contents.base
    this.#lines = [...contents.lines]
  }

  /** In order; durable, all of them. */
  get lines(): readonly Line[] {
    return this.#lines
  }

  get journalId(): string | undefined {
    return this.#lines.length === 0 ? undefined : this.#journalId
  }

  /** How far it is on the disk; nothing where nothing waits. */
  get counted(): JournalCount | undefined {
    return countOf(this.#counted())
  }

  /** What is gone of what was counted once. */
  lacks(counted: JournalCount | undefined): ReturnType<typeof gapAfter> {
    return gapAfter(counted, this.#counted())
  }

  /** True once all of them are durable; false where none of them is, and none will be. */
  append(entries: readonly NewEntry[]): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wish({ entries, isKept: false, resolve })
    })
  }

  /** Of what has happened already and must not be lost while this process lives. */
  keep(entry: NewEntry): void {
    this.#wish({ entries: [entry], isKept: true, resolve: () => undefined })
  }

  /** They are in the record; asked for a journal or lines that are not here it does nothing. */
  forget(journalId: string, upToSeq: number): Promise<void> {
    return this.#alone(() => this.#forgetNow(journalId, upToSeq))
  }

  /** What is kept in memory gets one more chance. */
  async close(): Promise<void> {
    this.#forgetRetry()
    await this.#alone(() => this.#writeWishes())
    this.#forgetRetry()
    await this.#file.close()
  }

  #counted(): CountedLines {
    return { journalId: this.#journalId, base: this.#base, lines: this.#lines }
  }

  #wish(wish: Wish): void {
    if (this.#wishes.length >= wishesMax) {
      // The disk has taken nothing for long: the oldest sight of somebody says least.
      this.#needs.log.error('offline.journal-overflow', { count: 1 })
      const [gone] = this.#wishes.splice(this.#leastAt(), 1)
      gone?.resolve(false)
    }
    this.#wishes.push(wish)
    this.#isDue = true
    if (this.#running === undefined) void this.#alone(() => this.#writeWishes())
  }

  #leastAt(): number {
    return Math.max(
      0,
      this.#wishes.findIndex(({ entries }) => entries.every(isSight)),
    )
  }

  /** One at a time, and what was wished meanwhile right after. Never rejects. */
  #alone(act: () => Promise<void>): Promise<void> {
    const run = async (): Promise<void> => {
      await before
      await act()
    }
    const before = this.#running
    const running = run().finally(() => {
      if (this.#running !== running) return
      this.#running = undefined
      if (this.#isDue) void this.#alone(() => this.#writeWishes())
    })
    this.#running = running
    return running
  }

  async #writeWishes(): Promise<void> {
    this.#isDue = false
    const wishes = this.#wishes.splice(0).filter((wish) => this.#hasRoomFor(wish))
    if (wishes.length === 0) return
    this.#forgetRetry()
    const journalId = this.#journalId ?? this.#needs.newId()
    const lines = this.#linesFor(wishes)
    try {
      await this.#write(journalId, lines)
    } catch (thrown) {
      this.#failed(wishes, thrown)
      return
    }
    this.#journalId = journalId
    this.#lines.push(...lines)
    this.#retryMs = retryFromMs
    for (const { resolve } of wishes) resolve(true)
    this.onMore()
  }

  #hasRoomFor({ isKept, entries, resolve }: Wish): boolean {
    const most = entries.every(isSight) ? seenMax : isKept ? linesMax : decisionsMax
    const hasRoom = this.#lines.length + entries.length <= most
    if (!hasRoom) {
      if (!this.#isFullSaid || most !== seenMax) {
        this.#needs.log.error('offline.journal-full', { count: this.#lines.length })
      }
      this.#isFullSaid = true
      resolve(false)
    }
    return hasRoom
  }

  #linesFor(wishes: readonly Wish[]): readonly Line[] {
    const lines: Line[] = []
    const last = this.#lines.at(-1)
    let base = last ? baseOf(last) : this.#base
    for (const entry of wishes.flatMap(({ entries }) => entries)) {
      const line = lineAfter(base, entry)
      lines.push(line)
      base = baseOf(line)
    }
    return lines
  }

  /** After a failure the whole file is written anew: what a flush has lost is not known. */
  #write(journalId: string, lines: readonly Line[]): Promise<void> {
    if (this.#file.isOpen) return this.#file.append(journalId, lines)
    const all = [...this.#lines, ...lines]
    return this.#file.rewrite({ journalId, base: this.#base, lines: all })
  }

  #failed(wishes: readonly Wish[], thrown: unknown): void {
    const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
    this.#needs.log.error('offline.not-written', { reason })
    for (const { isKept, resolve } of wishes) if (!isKept) resolve(false)
    this.#wishes.unshift(...wishes.filter(({ isKept }) => isKept))
    if (this.#wishes.length === 0) return
    this.#forgetRetry = this.#needs.clock.after(this.#retryMs, () => {
      void this.#alone(() => this.#writeWishes())
    })
    this.#retryMs = Math.min(retryMaxMs, this.#retryMs * 2)
  }

  async #forgetNow(journalId: string, upToSeq: number): Promise<void> {
    if (journalId !== this.#journalId) return
    const at = this.#lines.findIndex(({ seq }) => seq > upToSeq)
    const gone = this.#lines.splice(0, at < 0 ? this.#lines.length : at)
    this.#isFullSaid = false
    const last = gone.at(-1)
    if (!last) return
    this.#base = baseOf(last)
    try {
      if (this.#lines.length > 0) {
        await this.#file.rewrite({ journalId, base: this.#base, lines: this.#lines })
        return
      }
      // The next one is another journal, with an id of its own.
      this.#journalId = undefined
      this.#base = nothingBefore
      await this.beforeRemoval()
      await this.#file.remove()
    } catch (thrown) {
      // They are told again after a restart, and a broker knows them again.
      const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
      this.#needs.log.error('offline.not-written', { reason })
    }
  }
}

const isSight = ({ kind }: NewEntry): boolean => kind === 'seen'
