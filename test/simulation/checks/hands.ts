// Whose hand was last at a workstation's reader, against whom its screen opens for. What the machine
// and the broker believe does not count here, only who stood there.

import { seatedOf } from '@wardkey/agent/machine/moves'
import type { AgentStep } from '../world/agent-process.ts'
import type { Books } from './books.ts'
import { Violation } from './violation.ts'

export class Hands {
  readonly #books: Books
  readonly #ownerOf: (canonical: string) => string | undefined
  /** The card last shown at each workstation; nothing once whoever showed it has taken it back. */
  readonly #last = new Map<number, string>()
  readonly #spoke = new Map<number, string>()

  constructor(books: Books, ownerOf: (canonical: string) => string | undefined) {
    this.#books = books
    this.#ownerOf = ownerOf
  }

  /** Whose badge was shown there for the colleague who is asked for: the one that is being asked about. */
  spokeAt(index: number): string | undefined {
    return this.#ownerOf(this.#spoke.get(index) ?? '')
  }

  check({ agent, before, now, happening }: AgentStep): void {
    // A witness's badge speaks for whoever asked before.
    const isWitness = before.phase.kind === 'witnessing'
    // Whoever holds hers there while the answer about a colleague's is awaited speaks for nobody.
    const isAsking = before.phase.kind === 'witnessing' && before.phase.isAsking
    if (happening.kind === 'card-seen' && !isAsking) {
      const shown = isWitness ? this.#spoke : this.#last
      shown.set(agent.index, happening.card.canonical)
    }
    const isCancelled = happening.kind === 'screen-said' && happening.input.kind === 'cancelled'
    if (isCancelled && before.phase !== now.phase) this.#last.delete(agent.index)
    const seated = seatedOf(now.phase)
    // Who came in without a badge was asked for by a staff number: no hand was at the reader.
    if (!seated?.card) return
    const { card } = seated
    const where = `workstation ${String(agent.index)}, session ${seated.sessionId}`
    const booked = this.#books.sessions.get(seated.sessionId)
    if (booked && this.#ownerOf(card.canonical) !== booked.person) {
      throw new Violation('a screen is open only to the person at it', `${where}, another’s card`)
    }
    const isNew = seatedOf(before.phase)?.sessionId !== seated.sessionId
    if (isNew && this.#last.get(agent.index) !== card.canonical) {
      throw new Violation('a screen is open only to the person at it', `${where}, nobody asked`)
    }
    if (happening.kind !== 'card-seen' || isWitness) return
    // A signature's tap is the signature's; and where a zone asks first, the screen is covered.
    if (now.phase.kind === 'signing' || now.phase.kind === 'handing-over') return
    if (happening.isShown && happening.card.canonical !== card.canonical) {
      throw new Violation('a screen is open only to the person at it', `${where}, another tapped`)
    }
  }
}
