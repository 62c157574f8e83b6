// Who is asked about somebody: the manager that HR names, where she works here; else whom settings
// name for the department or the place. Never the person herself.

import { personId } from '@wardkey/protocol/ids'
import {
  findByExternalId,
  findByUserName,
  externalIdLookup,
  userNameLookup,
} from '../hr/hr-lookups.ts'
import { findByStaffNumber, staffLookup } from '../../identity/staff-number.ts'
import { isOneHand } from '../two-people.ts'
import type { ReviewNeeds } from './review-needs.ts'

export interface Subject {
  readonly personId: string
  readonly client?: string | undefined
  /** As HR wrote it: an id here or there, a user name or a staff number. */
  readonly managerId?: string | undefined
  readonly department?: string | undefined
  readonly location?: string | undefined
}

/** Finds each once: managers have many people. */
export class Reviewers {
  readonly #needs: ReviewNeeds
  readonly #known = new Map<string, Promise<string | undefined>>()
  readonly #active = new Map<string, Promise<boolean>>()

  constructor(needs: ReviewNeeds) {
    this.#needs = needs
  }

  async of(subject: Subject): Promise<string | undefined> {
    for (const id of await this.#candidates(subject)) {
      if (id !== undefined && id !== subject.personId && (await this.#isActive(id))) return id
    }
    return undefined
  }

  async #candidates(subject: Subject): Promise<readonly (string | undefined)[]> {
    const { reviewers } = this.#needs.accessReviews
    const named = reviewers
      .filter(
        ({ department, location }) =>
          fits(department, subject.department) && fits(location, subject.location),
      )
      // The more that is named, the nearer it is to her.
      .sort((a, b) => wordsIn(b) - wordsIn(a))
      .map(({ reviewer }) => reviewer)
    return [await this.#manager(subject), ...named]
  }

  #manager({ managerId, client = '' }: Subject): Promise<string | undefined> {
    if (managerId === undefined) return Promise.resolve(undefined)
    const key = `${client}\n${managerId}`
    const known = this.#known.get(key) ?? this.#findManager(managerId, client)
    this.#known.set(key, known)
    return known
  }

  async #findManager(text: string, client: string): Promise<string | undefined> {
    const { db, hrKey, staffKey } = this.#needs
    const id = personId.safeParse(text)
    if (id.success) return id.data
    const [byNumber] = await findByExternalId(db, externalIdLookup(client, text, hrKey))
    if (byNumber && !byNumber.isDeleted) return byNumber.personId
    return (
      (await findByUserName(db, userNameLookup(text, hrKey))) ??
      (await findByStaffNumber(db, staffLookup(text, staffKey)))
    )
  }

  #isActive(id: string): Promise<boolean> {
    const known = this.#active.get(id) ?? this.#findActive(id)
    this.#active.set(id, known)
    return known
  }

  async #findActive(id: string): Promise<boolean> {
    const row = await this.#needs.db
      .selectFrom('person')
      .select(['status', 'held_ms'])
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.status === 'active' && row.held_ms === null
  }
}

const fits = (wanted: string | undefined, has: string | undefined): boolean =>
  wanted === undefined || wanted.toLowerCase() === has?.toLowerCase()

const wordsIn = (one: { readonly department?: unknown; readonly location?: unknown }): number =>
  Number(one.department !== undefined) + Number(one.location !== undefined)

/** A token that is named after a person is hers, and so is one that she took out. */
export function isHers(
  person: string | null,
  by: string,
  askers: Parameters<typeof isOneHand>[2],
): boolean {
  if (person === null) return false
  return by.endsWith(` ${person}`) || isOneHand(`person ${person}`, by, askers)
}
