// What a workstation must remember over its own restarts to decide alone: the key bundles are
// signed with, the newest bundle's number, the latest time it knew, its rules, wrong PINs, and how
// far its journal was. One sealed file, replaced whole. It judges nothing.

import { join } from 'node:path'
import { z } from 'zod'
import { workstationId } from '@wardkey/protocol/ids'
import { zoneRules } from '@wardkey/protocol/workstation/broker-frames'
import { gapsMax, journalGap } from '@wardkey/protocol/workstation/journal-gaps'
import { ownDisk } from '../platform/disk.ts'
import type { Disk } from '../platform/disk.ts'
import type { Sealer } from '../platform/seal.ts'
import { journalCount } from './journal/journal-count.ts'
import type { JournalCount } from './journal/journal-count.ts'

const tries = z.strictObject({
  failures: z.int().min(0),
  /** On the broker's clock. */
  untilMs: z.int().min(0),
  /** Which PIN they were of: another one begins at nought. */
  about: z.string().max(64),
})

const remembered = z.strictObject({
  version: z.literal(1),
  /** Of the enrolment that all of it belongs to. */
  workstationId: workstationId.optional(),
  bundleKey: z.string().optional(),
  sequence: z.int().min(0),
  /** The latest time that was known, and how far the broker's clock is from the wall's. */
  clock: z.strictObject({ highestMs: z.number().min(0), offsetMs: z.number() }),
  told: z.strictObject({ place: z.string().min(1).max(80), rules: zoneRules }).optional(),
  tries: z.record(z.string().max(80), tries),
  /** Who is out whatever the bundle says, and as of when on the broker's clock. */
  out: z.record(z.uuid(), z.int().min(0)).default({}),
  /** The journal as it was on the disk when this was written. */
  counted: journalCount.optional(),
  /** What was found gone of it, until a broker has it. */
  gaps: z.array(journalGap).max(gapsMax).default([]),
})
export type Remembered = z.infer<typeof remembered>

export const nothingRemembered: Remembered = {
  version: 1,
  sequence: 0,
  clock: { highestMs: 0, offsetMs: 0 },
  tries: {},
  out: {},
  gaps: [],
}

const bound = 'offline memory'

export class Memory {
  readonly #path: string
  readonly #sealer: Sealer
  readonly #disk: Disk
  #now: Remembered
  #writing: Promise<void> | undefined
  #next: Promise<void> | undefined
  /** What an earlier run has left. */
  readonly found: 'whole' | 'absent' | 'unreadable'
  /** Asked at each write; until somebody counts, it stays as it was. */
  countJournal: () => JournalCount | undefined = () => this.#now.counted

  /** What cannot be read is as good as nothing: then a broker must come first. */
  constructor(folder: string, sealer: Sealer, disk: Disk = ownDisk) {
    this.#path = join(folder, 'offline-memory')
    this.#sealer = sealer
    this.#disk = disk
    const found = this.#find()
    this.found = typeof found === 'string' ? found : 'whole'
    this.#now = typeof found === 'string' ? nothingRemembered : found
  }

  get now(): Remembered {
    return this.#now
  }

  /** It is so at once; resolves when it is durable, rejects where it is not. */
  change(part: Partial<Remembered>): Promise<void> {
    return this.replace({ ...this.#now, ...part })
  }

  replace(all: Remembered): Promise<void> {
    this.#now = all
    // One write that begins after this serves everybody who waits now. Never two at once: the one
    // before would be the one that stays.
    if (this.#next) return this.#next
    if (!this.#writing) return this.#write()
    this.#next = this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined
        return this.#write()
      })
    return this.#next
  }

  /** Resolves when nothing is being written any more. Never rejects. */
  async settled(): Promise<void> {
    for (;;) {
      const last = this.#next ?? this.#writing
      if (!last) return
      await last.catch(() => undefined)
    }
  }

  #write(): Promise<void> {
    const counted = this.countJournal()
    const sealed = this.#sealer.seal(JSON.stringify({ ...this.#now, counted }), bound)
    const writing = this.#disk.replace(this.#path, sealed).finally(() => {
      if (this.#writing === writing) this.#writing = undefined
    })
    this.#writing = writing
    return writing
  }

  #find(): Remembered | 'absent' | 'unreadable' {
    const sealed = this.#disk.read(this.#path)
    if (!sealed) return 'absent'
    const text = this.#sealer.unseal(sealed, bound)
    if (text === undefined) return 'unreadable'
    return remembered.safeParse(JSON.parse(text)).data ?? 'unreadable'
  }
}
