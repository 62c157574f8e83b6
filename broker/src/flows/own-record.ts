// Whether it is about herself: whoever signs in to the console as a person changes nothing that is
// kept about her, by whatever she names it. A token is nobody. Pure.

import type { PersonId } from '@wardkey/protocol/ids'

/** As facts and tables have it, of somebody who signed in herself. */
export const byPerson = (person: string): string => `person ${person}`

export const isOwnRecord = (person: PersonId, by: string): boolean => by === byPerson(person)
