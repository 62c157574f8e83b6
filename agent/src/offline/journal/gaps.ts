// What is gone of the journal since it was counted: found at a start, kept until a broker has it,
// and told. It keeps nobody out: what this workstation may decide does not hang on it.

import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { gapsMax } from '@wardkey/protocol/workstation/journal-gaps'
import type { JournalGap } from '@wardkey/protocol/workstation/journal-gaps'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Memory } from '../memory.ts'
import type { Journal } from './journal.ts'

export interface GapsNeeds {
  readonly memory: Memory
  readonly journal: Journal
  /** Nothing where no bundle is kept, or none that opens. */
  readonly store: { readonly find: () => string | undefined }
  readonly newId: () => string
  readonly clock: Pick<Clock, 'wallMs'>
  readonly log: Log
}

export class Gaps {
  readonly #needs: GapsNeeds

  constructor(needs: GapsNeeds) {
    this.#needs = needs
  }

  /** Before anything is written: what is written from now on counts the journal as it is. */
  look(): void {
    const { memory, journal, log } = this.#needs
    const gap = memory.found === 'whole' ? journal.lacks(memory.now.counted) : this.#countGone()
    memory.countJournal = () => journal.counted
    // The count goes first: a journal that is gone with its count still there would be missed.
    journal.beforeRemoval = () => this.#write({})
    if (!gap) {
      // Written just before a kill: counted from now on.
      if (journal.counted?.seq !== memory.now.counted?.seq) void this.#write({})
      return
    }
    const count = gap.kind === 'lines-gone' ? { count: gap.seq - gap.foundSeq } : {}
    log.error('offline.journal-gap', { reason: gap.kind, ...count })
    void this.#write({ gaps: [...memory.now.gaps, gap].slice(0, gapsMax) })
  }

  /** What no broker has said yet that it has. */
  get open(): readonly JournalGap[] {
    return this.#needs.memory.now.gaps
  }

  welcomed({ gapsNoted }: BrokerFrameOf<'welcome'>): void {
    if (gapsNoted === true && this.open.length > 0) void this.#write({ gaps: [] })
  }

  /** In order, at the end: then nothing that was written is left uncounted. */
  close(): Promise<void> {
    return this.#write({})
  }

  /** It was never there where nothing else is: a workstation that was just enrolled. */
  #countGone(): JournalGap | undefined {
    const { memory, journal, store, newId, clock } = this.#needs
    const isNew = memory.found === 'absent' && !journal.wasFound && store.find() === undefined
    if (isNew) return undefined
    return { kind: 'count-gone', gapId: newId(), atMs: Math.round(clock.wallMs()) }
  }

  /** Never rejects: one that was not written is written with the next. */
  async #write(part: { readonly gaps?: JournalGap[] }): Promise<void> {
    try {
      await this.#needs.memory.change(part)
    } catch (thrown) {
      const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
      this.#needs.log.error('offline.not-written', { reason })
    }
  }
}
