// Names for the ids in the record's lines. The record holds none; the demo's page is told them
// beside it, so that a visitor can read who did what. The product has nothing like it.

import type { RunningBroker } from '@wardkey/broker/main'
import { summaryOf } from '@wardkey/broker/doors/admin/show-people'
import { findPerson } from '@wardkey/broker/identity/people'
import { personId } from '@wardkey/protocol/ids'

/** By id: a person's name, or a workstation's place. */
export type Names = Readonly<Record<string, string>>

const anId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

export class KnownNames {
  readonly #needs: RunningBroker['needs']
  /** Ids that were looked up, whatever came of it. */
  readonly #asked = new Set<string>()

  constructor(needs: RunningBroker['needs']) {
    this.#needs = needs
  }

  /** Of people and workstations in these lines, those that were not told before. */
  async namesIn(lines: readonly string[]): Promise<Names> {
    const names: Record<string, string> = {}
    for (const id of new Set(lines.flatMap((line) => line.match(anId) ?? []))) {
      if (this.#asked.has(id)) continue
      this.#asked.add(id)
      const name = (await this.#placeOf(id)) ?? (await this.#nameOf(id))
      if (name !== undefined) names[id] = name
    }
    return names
  }

  async #placeOf(id: string): Promise<string | undefined> {
    const { db } = this.#needs
    const row = await db
      .selectFrom('workstation')
      .select('place')
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.place
  }

  async #nameOf(id: string): Promise<string | undefined> {
    const parsed = personId.safeParse(id)
    const person = parsed.success ? await findPerson(this.#needs.db, parsed.data) : undefined
    const name = person && (await summaryOf(person, this.#needs)).name
    return name && `${name.given} ${name.family}`
  }
}
