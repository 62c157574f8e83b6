// Names of many people at once, from rows that were read together. A page that refreshes opens only
// what is new to it; whoever was forgotten has no key in her row, and no name, remembered or not.

import type { PersonId } from '@wardkey/protocol/ids'
import type { PersonKeys } from '../../../audit/person-keys.ts'
import { openName } from '../../../identity/person-name.ts'
import type { PersonName } from '../../../identity/person-name.ts'

export interface NameRow {
  readonly person_id: PersonId
  readonly name_sealed: Uint8Array
  /** Her key, wrapped; nothing once it was destroyed. */
  readonly wrapped: Uint8Array | null
}

interface Opened {
  readonly sealed: Uint8Array
  readonly name: PersonName
}

export class OpenNames {
  readonly #keys: Pick<PersonKeys, 'unwrap'>
  /** Of the rows before these, and of nobody else. */
  #last: ReadonlyMap<PersonId, Opened> = new Map()

  constructor(keys: Pick<PersonKeys, 'unwrap'>) {
    this.#keys = keys
  }

  open(rows: readonly NameRow[]): ReadonlyMap<PersonId, PersonName> {
    const opened = new Map<PersonId, Opened>()
    for (const { person_id: id, name_sealed: sealed, wrapped } of rows) {
      if (!wrapped || opened.has(id)) continue
      const known = this.#last.get(id)
      const isSame = known !== undefined && Buffer.compare(known.sealed, sealed) === 0
      const name = isSame ? known.name : openName(sealed, this.#keys.unwrap(id, wrapped), id)
      opened.set(id, { sealed, name })
    }
    this.#last = opened
    return new Map([...opened].map(([id, { name }]) => [id, name]))
  }
}
