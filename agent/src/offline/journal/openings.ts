// Sessions that were opened here without a broker, until one has taken that in. Holds ids only;
// what happens to them belongs in the journal, not in a frame to a broker that does not know them.

import type { PersonId, SessionId } from '@wardkey/protocol/ids'
import type { Line } from './journal-lines.ts'
import { entryOf } from './journal-lines.ts'

interface Opening {
  readonly personId: PersonId
  readonly isEmergency: boolean
  /** A broker had opened it before; here it was only brought back. */
  readonly isResumed: boolean
  /** On this screen, as far as the journal says. */
  isOpen: boolean
}

export class Openings {
  readonly #known = new Map<SessionId, Opening>()

  /** As the lines of an earlier run tell. */
  replay(lines: readonly Line[]): void {
    for (const { text } of lines) {
      const entry = entryOf(text)
      if (entry?.kind === 'left') this.left(entry.sessionId)
      if (entry?.kind !== 'decided' || entry.outcome !== 'admitted') continue
      const { sessionId, personId, choice, isResumed = false } = entry
      if (!sessionId || !personId) continue
      this.opened(sessionId, { personId, isEmergency: choice !== undefined, isResumed })
    }
  }

  opened(sessionId: SessionId, about: Omit<Opening, 'isOpen'>): void {
    this.#known.set(sessionId, { ...about, isOpen: true })
  }

  /** False where nothing is to be written: it was left before, or is none of ours. */
  left(sessionId: SessionId): boolean {
    const found = this.#known.get(sessionId)
    if (found?.isOpen !== true) return false
    found.isOpen = false
    return true
  }

  /** A broker has opened it here: what happens to it from now on is told to a broker. */
  taken(sessionId: SessionId): void {
    if (this.#known.get(sessionId)?.isOpen === false) this.#known.delete(sessionId)
  }

  find(sessionId: SessionId): Readonly<Opening> | undefined {
    return this.#known.get(sessionId)
  }

  get open(): readonly SessionId[] {
    return [...this.#known].flatMap(([id, { isOpen }]) => (isOpen ? [id] : []))
  }

  /** A broker has said what becomes of it: one that stands is the broker's from now on. */
  settle(sessionId: SessionId, isKept: boolean): void {
    // One that does not stand is left in a moment, and that is told as well.
    if (isKept || this.#known.get(sessionId)?.isOpen !== true) this.#known.delete(sessionId)
  }

  /**
   * Everything is told: what is not open any more is the broker's to know. Gives back those of them
   * that no broker had opened.
   */
  allTold(): readonly SessionId[] {
    const told = [...this.#known].filter(([, { isOpen }]) => !isOpen)
    for (const [id] of told) this.#known.delete(id)
    return told.flatMap(([id, { isResumed }]) => (isResumed ? [] : [id]))
  }
}
