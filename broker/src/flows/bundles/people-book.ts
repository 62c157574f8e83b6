// Everybody that a bundle may name, read once and then kept up by what the record says of them.
// Each broker has its own; whatever another one changes is in the record too. Writes nothing.

import type { PersonId } from '@wardkey/protocol/ids'
import { readKnownPeople } from './known-person.ts'
import type { KnownPeopleNeeds, KnownPerson } from './known-person.ts'

/** Facts in one look; after a longer pause there are several. */
const factsMax = 5000
/** More people than this at once, and everything is read anew. */
const changedMax = 2000
/** What the record does not tell (a restored table, somebody's SQL) is found within this. */
const wholeEveryMs = 15 * 60_000

/** Facts after which a person, her badges or her PIN may be other than they were. */
const isAboutPerson = /^(PER|BDG|PIN|BTG|EXC)-/

export class PeopleBook {
  readonly #needs: KnownPeopleNeeds
  readonly #people = new Map<PersonId, KnownPerson>()
  #uptoIdx = -1
  #wholeMs = Number.NEGATIVE_INFINITY
  #asOfMs = 0
  #revision = 0
  /** Since the last refresh: as they are now, nothing where they are gone. */
  readonly #news = new Map<PersonId, KnownPerson | undefined>()
  #newsIdx = -1

  constructor(needs: KnownPeopleNeeds) {
    this.#needs = needs
  }

  get people(): ReadonlyMap<PersonId, KnownPerson> {
    return this.#people
  }

  /** Everything that was durable at this moment is in it: what a bundle may call its age. */
  get asOfMs(): number {
    return this.#asOfMs
  }

  /** Grows when anything in it is other than before. */
  get revision(): number {
    return this.#revision
  }

  /** Never twice at once. Where it throws, the book is as old as it says. */
  async refresh(): Promise<void> {
    const nowMs = this.#needs.nowMs()
    const isWhole = nowMs - this.#wholeMs >= wholeEveryMs || nowMs < this.#wholeMs
    const news = isWhole ? undefined : await this.#changed(this.#uptoIdx)
    if (news && news.ids.size <= changedMax) {
      await this.#take([...news.ids])
      this.#uptoIdx = news.uptoIdx
    } else {
      // Where the record is now comes before the people: a change in between is looked at twice.
      const uptoIdx = await this.#lastIdx()
      await this.#take(await this.#allIds())
      this.#uptoIdx = uptoIdx
      this.#wholeMs = nowMs
    }
    this.#asOfMs = nowMs
    this.#news.clear()
    this.#newsIdx = this.#uptoIdx
  }

  /**
   * Who is other than in the book by now; the book stays of its moment, and what is made from it
   * too. Never beside a refresh.
   */
  async news(): Promise<ReadonlyMap<PersonId, KnownPerson | undefined>> {
    const { ids, uptoIdx } = await this.#changed(this.#newsIdx)
    for (const id of ids) this.#news.set(id as PersonId, undefined)
    for (const person of await readKnownPeople([...ids], this.#needs)) {
      this.#news.set(person.id, person)
    }
    this.#newsIdx = uptoIdx
    return this.#news
  }

  async #changed(afterIdx: number): Promise<{ ids: ReadonlySet<string>; uptoIdx: number }> {
    const ids = new Set<string>()
    let uptoIdx = afterIdx
    for (;;) {
      // A fact's index is gapless and in the order of commits, so that none comes in behind.
      const facts = await this.#needs.db
        .selectFrom('fact')
        .select(['idx', 'code', 'person_id'])
        .where('idx', '>', uptoIdx)
        .orderBy('idx')
        .limit(factsMax)
        .execute()
      for (const { idx, code, person_id: person } of facts) {
        uptoIdx = idx
        if (person !== null && isAboutPerson.test(code)) ids.add(person)
      }
      if (facts.length < factsMax) return { ids, uptoIdx }
    }
  }

  async #lastIdx(): Promise<number> {
    const row = await this.#needs.db
      .selectFrom('fact')
      .select('idx')
      .orderBy('idx', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row?.idx ?? -1
  }

  async #allIds(): Promise<readonly string[]> {
    const rows = await this.#needs.db
      .selectFrom('person')
      .select('id')
      .where('status', '<>', 'terminated')
      .execute()
    const ids = new Set(rows.map(({ id }) => id))
    for (const id of this.#people.keys()) ids.add(id)
    return [...ids]
  }

  async #take(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids)
    for (const person of await readKnownPeople(ids, this.#needs)) {
      gone.delete(person.id)
      if (this.#people.get(person.id)?.digest !== person.digest) this.#revision += 1
      this.#people.set(person.id, person)
    }
    for (const id of gone) if (this.#people.delete(id as PersonId)) this.#revision += 1
  }
}
