// Whom this workstation knows by itself, found by what a card or a staff number hashes to. Pure:
// the numbers themselves are nowhere in it, and how long a look-up takes tells nothing about them.

import type { PersonId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { lookupOf, staffLookupOf } from '@wardkey/protocol/workstation/card-lookup'
import type { OfflineBundle, OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'

export interface Holder {
  readonly person: OfflinePerson
  readonly isEnoughAlone: boolean
}

export class KnownPeople {
  readonly #key: Uint8Array
  readonly #byCard = new Map<string, Holder | 'two'>()
  readonly #byNumber = new Map<string, OfflinePerson | 'two'>()
  readonly #byId = new Map<PersonId, OfflinePerson>()

  constructor({ cardKey, people }: Pick<OfflineBundle, 'cardKey' | 'people'>) {
    this.#key = Buffer.from(cardKey, 'base64url')
    for (const person of people) {
      this.#byId.set(person.personId, person)
      for (const { lookup, isEnoughAlone } of person.cards) {
        // What two people have is nobody's.
        this.#byCard.set(lookup, this.#byCard.has(lookup) ? 'two' : { person, isEnoughAlone })
      }
      const { staffNumber } = person
      if (staffNumber === undefined) continue
      this.#byNumber.set(staffNumber, this.#byNumber.has(staffNumber) ? 'two' : person)
    }
  }

  get count(): number {
    return this.#byId.size
  }

  byCard(card: Pick<CardClaim, 'technology' | 'canonical'>): Holder | undefined {
    const found = this.#byCard.get(lookupOf(card, this.#key))
    return found === 'two' ? undefined : found
  }

  byStaffNumber(staffNumber: string): OfflinePerson | undefined {
    const found = this.#byNumber.get(staffLookupOf(staffNumber, this.#key))
    return found === 'two' ? undefined : found
  }

  byId(id: PersonId): OfflinePerson | undefined {
    return this.#byId.get(id)
  }
}
