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
  /** The card shown last to each question for a colleague; the question's tap names it. */
  readonly #spoke = new Map<string, string>()

  constructor(books: Books, ownerOf: (canonical: string) => string | undefined) {
    this.#books = books
    this.#ownerOf = ownerOf
  }

  /**
   * Whose badge was shown there last while a colleague was asked for by this question, and no badge
   * was being asked about.
   */
  spokeAt(index: number, tap: string | undefined): string | undefined {
    return this.#ownerOf(this.#spoke.get(`${String(index)} ${String(tap)}`) ?? '')
  }

  check({ agent, before, now, happening }: AgentStep): void {
    const isWitness = before.phase.kind === 'witnessing'
    if (happening.kind === 'card-seen') this.#note(agent.index, before, happening.card.canonical)
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

  /**
   * A witness's badge speaks for whoever asked before. What is shown while the word of one is under
   * way is asked about by nobody: a store that is full for some seconds lets that word be repeated,
   * and meanwhile she, or the next colleague, may hold a badge to the reader. The first one spoke.
   */
  #note(index: number, { phase }: AgentStep['before'], canonical: string): void {
    if (phase.kind !== 'witnessing') this.#last.set(index, canonical)
    else if (!phase.isAsking) this.#spoke.set(`${String(index)} ${phase.tapId}`, canonical)
  }
}
