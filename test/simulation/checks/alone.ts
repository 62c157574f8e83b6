// Workstations that decide by themselves: nothing opens without a line that is safe on the disk, by
// no bundle that is too old or was never given, and no PIN is looked at before the try is counted.
// Looks at disks as a loss of power would leave them, and at what the record says of it afterwards.

import { createHash } from 'node:crypto'
import { seatedOf } from '@wardkey/agent/machine/moves'
import type { Seated } from '@wardkey/agent/machine/state'
import { durableLines, durableTries } from '../world/alone/open-alone.ts'
import type { AgentPlace } from '../world/agent-place.ts'
import type { AgentStep } from '../world/agent-process.ts'
import { fieldOf } from './books.ts'
import type { BookedFact } from './books.ts'
import { Violation } from './violation.ts'

export interface AloneNeeds {
  readonly agents: readonly AgentPlace[]
  readonly nowMs: () => number
  readonly offlineMaxMs: number
  /** Grows whenever a broker’s clock, or this workstation’s, is set; nothing while they differ. */
  readonly clocks: (index: number) => string | undefined
  readonly ownerOf: (canonical: string) => string | undefined
  readonly goneSinceMs: (person: string, isEmergency: boolean) => number | undefined
}

interface Given {
  readonly asOfMs: number
  readonly clocks: string | undefined
}

/** A bundle is a moment old when it is measured; people are read a moment before it is made. */
const slackMs = 2500

export class AloneChecks {
  readonly #needs: AloneNeeds
  /** What each workstation was given, by its number. */
  readonly #given = new Map<string, Given>()
  /** Of each journal, the last line that is in the record. */
  readonly #merged = new Map<string, number>()
  /** Lines by which a screen was opened: they must be in the record in the end. */
  readonly #owed: { readonly journalId: string; readonly seq: number }[] = []
  readonly #wrongs = new Map<string, number>()
  /** The bundle that each workstation said last that it has. */
  readonly #held = new Map<number, number>()
  /** For the report. */
  readonly counts = { opened: 0 }

  constructor(needs: AloneNeeds) {
    this.#needs = needs
  }

  given(index: number, sequence: number, asOfMs: number): void {
    const clocks = this.#needs.clocks(index)
    this.#given.set(nameOf(index, sequence), { asOfMs, clocks })
  }

  /** Until when it may go on without a broker, by the bundle that it says it has; Infinity: unknown. */
  untilMs(index: number): number {
    const known = this.#needs.agents[index]?.process.alone?.known
    const sequence = known?.bundleSequence ?? this.#held.get(index)
    if (sequence === undefined) return -Infinity
    // One that is over is thrown away, and the screen locks a tick later.
    this.#held.set(index, sequence)
    const given = this.#given.get(nameOf(index, sequence))
    if (!given) return -Infinity
    const isClear = given.clocks !== undefined && this.#needs.clocks(index) === given.clocks
    return isClear ? given.asOfMs + this.#needs.offlineMaxMs : Infinity
  }

  see({ agent, before, now }: AgentStep): void {
    const seated = seatedOf(now.phase)
    if (seated?.isAlone !== true) return
    if (seatedOf(before.phase)?.sessionId === seated.sessionId) return
    this.#opened(agent.index, seated)
  }

  #opened(index: number, { sessionId, card }: Seated): void {
    const { agents, nowMs, offlineMaxMs, clocks, ownerOf, goneSinceMs } = this.#needs
    const place = agents[index]
    if (!place) return
    const line = durableLines(place.disk, place.sealer).findLast(
      ({ entry }) =>
        entry.kind === 'decided' && entry.outcome === 'admitted' && entry.sessionId === sessionId,
    )
    const where = `workstation ${String(index)}, session ${sessionId}`
    if (line?.entry.kind !== 'decided') {
      throw new Violation('nothing opens alone without its line on the disk', where)
    }
    const { journalId, entry } = line
    this.#owed.push({ journalId, seq: entry.seq })
    this.counts.opened += 1
    const given = this.#given.get(nameOf(index, entry.bundleSequence))
    if (!given) throw new Violation('nothing opens by a bundle that was not given', where)
    const ageMs = nowMs() - given.asOfMs
    const isClear = given.clocks !== undefined && clocks(index) === given.clocks
    if (isClear && ageMs > offlineMaxMs + slackMs) {
      throw new Violation('nothing opens by what is too old', `${where}, ${String(ageMs)} ms`)
    }
    const owner = card && ownerOf(card.canonical)
    // Emergency access may be given to somebody on leave: her bundle has her, and says so.
    const isEmergency = entry.choice !== undefined
    const goneMs = owner === undefined ? undefined : goneSinceMs(owner, isEmergency)
    if (goneMs !== undefined && goneMs < given.asOfMs) {
      throw new Violation('a revoked person is in no later bundle', where)
    }
  }

  /** Before a PIN is looked at: this try and every wrong one before it are on the disk. */
  look(index: number, hash: string): void {
    const place = this.#needs.agents[index]
    // Of a number that is nobody’s there is none that could be right.
    if (!place || !hash.startsWith('$argon2id$quick$')) return
    const tries = durableTries(place.disk, place.sealer).get(aboutOf(hash)) ?? 0
    const wrongs = this.#wrongs.get(nameOf(index, hash)) ?? 0
    if (tries > wrongs) return
    const seen = `workstation ${String(index)}: ${String(tries)} after ${String(wrongs)} wrong ones`
    throw new Violation('a PIN is counted before it is looked at', seen)
  }

  looked(index: number, hash: string, isMatch: boolean): void {
    const name = nameOf(index, hash)
    if (isMatch) this.#wrongs.delete(name)
    else this.#wrongs.set(name, (this.#wrongs.get(name) ?? 0) + 1)
  }

  /** Facts of a unit: each line of a journal once, and in order. */
  take(facts: readonly BookedFact[]): void {
    for (const fact of facts) {
      const { code, workstation } = fact
      if (code === 'OFF-101') {
        throw new Violation('a journal follows from what was merged of it', String(workstation))
      }
      // Nobody is at a disk here but kills and losses of power.
      if (code === 'OFF-102' || code === 'OFF-103') {
        throw new Violation('what a kill leaves is not taken for a cut', String(workstation))
      }
      if (code !== 'OFF-002' && code !== 'OFF-003') continue
      const journal = String(fieldOf(fact, 'journal'))
      const seq = Number(fieldOf(fact, 'seq'))
      const due = (this.#merged.get(journal) ?? 0) + 1
      if (seq !== due) {
        const seen = `journal ${journal}: line ${String(seq)}, due was ${String(due)}`
        throw new Violation('a journal is merged once and in order', seen)
      }
      this.#merged.set(journal, seq)
    }
  }

  /** At the end, when everything could be told. */
  reckon(): void {
    for (const { process } of this.#needs.agents) {
      const { waiting, isStuck } = process.alone?.status ?? { waiting: 0, isStuck: false }
      if (waiting > 0 || isStuck) {
        const seen = `workstation ${String(process.index)} still has ${String(waiting)} lines`
        throw new Violation('what was decided alone is in the record', seen)
      }
    }
    for (const { journalId, seq } of this.#owed) {
      if ((this.#merged.get(journalId) ?? 0) < seq) {
        const seen = `journal ${journalId}, line ${String(seq)}`
        throw new Violation('what was decided alone is in the record', seen)
      }
    }
  }
}

const nameOf = (index: number, what: number | string): string => `${String(index)} ${String(what)}`

const aboutOf = (hash: string): string =>
  createHash('sha256').update(hash).digest('hex').slice(0, 32)
