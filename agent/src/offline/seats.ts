// Which sessions wait behind this lock screen, and whose they are, as far as the workstation can
// know it: by the badge that opened them, or because it opened them itself.

import type { PersonId, SessionId } from '@wardkey/protocol/ids'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { seatedOf } from '../machine/moves.ts'
import type { Card, State } from '../machine/state.ts'
import type { KnownPeople } from './bundle/known-people.ts'
import type { Openings } from './journal/openings.ts'

interface Seat {
  readonly card: Card | undefined
  readonly isEmergency: boolean
  /** Said once: a card may be given to somebody else while a session waits that it had opened. */
  readonly owner: PersonId | undefined
}

export class Seats {
  readonly #openings: Openings
  readonly #seen = new Map<SessionId, Seat>()
  #covered: readonly SessionId[] = []

  constructor(openings: Openings) {
    this.#openings = openings
  }

  /** `people`: whom it knows now; nothing where it was told of nobody yet. */
  follow({ phase, covered }: State, people: KnownPeople | undefined): void {
    const seated = seatedOf(phase)
    if (seated) {
      const { sessionId, card, emergency } = seated
      const owner = this.#seen.get(sessionId)?.owner
      this.#seen.set(sessionId, { card, isEmergency: emergency !== undefined, owner })
    }
    for (const [sessionId, seat] of this.#seen) {
      const owner = seat.owner ?? (seat.card && people?.byCard(seat.card)?.person.personId)
      if (owner !== seat.owner) this.#seen.set(sessionId, { ...seat, owner })
    }
    this.#covered = covered.map(({ sessionId }) => sessionId)
    for (const sessionId of this.#seen.keys()) {
      const isHere = sessionId === seated?.sessionId || this.#covered.includes(sessionId)
      if (!isHere) this.#seen.delete(sessionId)
    }
  }

  /**
   * The newest that is hers. What was opened as an emergency comes back as nothing else: its end
   * and its mark would be gone. Nor does anything come back as one: that is always opened anew.
   */
  waitingFor({ personId }: Pick<OfflinePerson, 'personId'>): SessionId | undefined {
    return this.#covered.findLast((sessionId) => {
      const seat = this.#seen.get(sessionId)
      const opening = this.#openings.find(sessionId)
      if (seat?.isEmergency === true || opening?.isEmergency === true) return false
      return (opening?.personId ?? seat?.owner) === personId
    })
  }
}
