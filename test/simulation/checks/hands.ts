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

  constructor(books: Books, ownerOf: (canonical: string) => string | undefined) {
    this.#books = books
    this.#ownerOf = ownerOf
  }

  check({ agent, before, now, happening }: AgentStep): void {
    if (happening.kind === 'card-seen') this.#last.set(agent.index, happening.card.canonical)
    const isCancelled = happening.kind === 'screen-said' && happening.input.kind === 'cancelled'
    if (isCancelled && before.phase !== now.phase) this.#last.delete(agent.index)
    const seated = seatedOf(now.phase)
    if (!seated) return
    const where = `workstation ${String(agent.index)}, session ${seated.sessionId}`
    const booked = this.#books.sessions.get(seated.sessionId)
    if (booked && this.#ownerOf(seated.card.canonical) !== booked.person) {
      throw new Violation('a screen is open only to the person at it', `${where}, another’s card`)
    }
    const isNew = seatedOf(before.phase)?.sessionId !== seated.sessionId
    if (isNew && this.#last.get(agent.index) !== seated.card.canonical) {
      throw new Violation('a screen is open only to the person at it', `${where}, nobody asked`)
    }
    if (happening.kind !== 'card-seen' || now.phase.kind === 'signing') return
    if (happening.isShown && happening.card.canonical !== seated.card.canonical) {
      throw new Violation('a screen is open only to the person at it', `${where}, another tapped`)
    }
  }
}
