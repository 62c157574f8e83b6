// A person as bundles are made from her: opened once, kept while nothing about her changes. Reads
// many at once; writes nothing.

import { createHash } from 'node:crypto'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { PersonKeys } from '../../audit/person-keys.ts'
import { parseAccess } from '../../identity/access-facts.ts'
import type { HeldAccess } from '../../identity/access-facts.ts'
import { findClass } from '../../identity/badge-technology.ts'
import { openCard } from '../../identity/badges.ts'
import type { CardClass } from '@wardkey/protocol/workstation/card-lookup'
import { parseTexts } from '../../identity/json-column.ts'
import { openName } from '../../identity/person-name.ts'
import type { PersonName } from '../../identity/person-name.ts'
import { openStaffNumber } from '../../identity/staff-number.ts'
import type { Schema } from '../../store/schema.ts'
import type { FlowNeeds } from '../flow-needs.ts'

export interface KnownCard {
  readonly technology: CardClass
  readonly canonical: string
  readonly assurance: number
}

export interface KnownPerson {
  readonly id: PersonId
  readonly status: Schema['person']['status']
  readonly roles: readonly string[]
  readonly access: HeldAccess
  readonly name: PersonName
  /** Usable badges only. */
  readonly cards: readonly KnownCard[]
  readonly hasLostBadge: boolean
  /** Only under her own pepper: another's would tell of everybody. */
  readonly pin: { readonly hash: string; readonly lockedUntilMs: number } | undefined
  /** For emergency access without a badge; as HR writes it. */
  readonly staffNumber: string | undefined
  /** When she was last active anywhere. */
  readonly seenMs: number
  /** Of all the above but `seenMs`, made from what the store holds, sealed as it is. */
  readonly digest: string
}

export interface KnownPeopleNeeds extends Pick<FlowNeeds, 'db' | 'nowMs'> {
  readonly personKeys: Pick<PersonKeys, 'unwrap'>
}

const batch = 500

/** Those who are gone, or whose identifiers were forgotten, are not among the answer. */
export async function readKnownPeople(
  ids: readonly string[],
  needs: KnownPeopleNeeds,
): Promise<readonly KnownPerson[]> {
  const known: KnownPerson[] = []
  for (let from = 0; from < ids.length; from += batch) {
    known.push(...(await readBatch(ids.slice(from, from + batch), needs)))
    // Opening hundreds of seals takes a while; taps go first.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return known
}

async function readBatch(
  ids: readonly string[],
  needs: KnownPeopleNeeds,
): Promise<readonly KnownPerson[]> {
  const { db } = needs
  const people = await db
    .selectFrom('person')
    .innerJoin('person_key', 'person_key.person_id', 'person.id')
    .leftJoin('pin', 'pin.person_id', 'person.id')
    .leftJoin('grace', 'grace.person_id', 'person.id')
    .leftJoin('staff_number', 'staff_number.person_id', 'person.id')
    .where('person.id', 'in', ids)
    .where('person.status', '<>', 'terminated')
    .select(['person.id', 'person.status', 'person.roles', 'person.access'])
    .select('person.exceptions')
    .select('person.name_sealed')
    .select(['person_key.wrapped', 'pin.hash', 'pin.scheme', 'pin.locked_until_ms'])
    .select(['grace.last_ms', 'staff_number.sealed as number_sealed'])
    .select(['staff_number.lookup as number_lookup'])
    .select('staff_number.locked_until_ms as number_locked_until_ms')
    .execute()
  const badges = await db
    .selectFrom('badge')
    .where('person_id', 'in', ids)
    .where('status', 'in', ['active', 'suspended', 'lost'])
    // A loaner works only where a broker can say that its time is not over.
    .where('ends_ms', 'is', null)
    .select(['id', 'person_id', 'sealed', 'technology', 'assurance', 'status', 'lookup'])
    .orderBy('id')
    .execute()
  const badgesOf = new Map<string, BadgeRow[]>()
  for (const badge of badges) {
    badgesOf.set(badge.person_id, [...(badgesOf.get(badge.person_id) ?? []), badge])
  }
  return people.flatMap((row) => {
    const key = row.wrapped && needs.personKeys.unwrap(row.id, row.wrapped)
    return key ? [knownOf(row, badgesOf.get(row.id) ?? [], key, needs.nowMs())] : []
  })
}

type PersonRow = Pick<Schema['person'], PersonColumns> & {
  readonly hash: string | null
  readonly scheme: 1 | 2 | null
  readonly locked_until_ms: number | null
  readonly last_ms: number | null
  readonly number_sealed: Uint8Array | null
  readonly number_lookup: string | null
  readonly number_locked_until_ms: number | null
}
type PersonColumns = 'id' | 'status' | 'roles' | 'access' | 'exceptions' | 'name_sealed'
type BadgeRow = Pick<
  Schema['badge'],
  'id' | 'sealed' | 'technology' | 'assurance' | 'status' | 'lookup'
>

function knownOf(
  row: PersonRow,
  badges: readonly BadgeRow[],
  key: Buffer,
  nowMs: number,
): KnownPerson {
  const id = personId.parse(row.id)
  const usable = badges.filter(({ status }) => status === 'active')
  const lockedUntilMs = row.locked_until_ms ?? 0
  const pin =
    row.hash !== null && row.scheme === 2
      ? // A wait that is over is none: what it was would only look like a change.
        { hash: row.hash, lockedUntilMs: lockedUntilMs > nowMs ? lockedUntilMs : 0 }
      : undefined
  // One that waits after wrong PINs is nobody's for as long: a workstation is not told of it.
  const isNumberOpen = (row.number_locked_until_ms ?? 0) <= nowMs
  const numberSealed = isNumberOpen ? row.number_sealed : null
  const hasLostBadge = badges.some(({ status }) => status === 'lost')
  return {
    id,
    status: row.status,
    roles: parseTexts(row.roles),
    access: parseAccess(row),
    name: openName(row.name_sealed, key, row.id),
    cards: usable.flatMap((badge) => cardOf(badge, key)),
    hasLostBadge,
    pin,
    staffNumber: numberSealed ? openStaffNumber(numberSealed, key, id) : undefined,
    seenMs: row.last_ms ?? 0,
    digest: createHash('sha256')
      .update(row.name_sealed)
      .update(
        JSON.stringify([
          [row.status, row.roles, row.access, row.exceptions],
          [hasLostBadge, pin?.hash, pin?.lockedUntilMs],
          numberSealed && row.number_lookup,
          usable.map(({ lookup, technology, assurance }) => [lookup, technology, assurance]),
        ]),
      )
      .digest('base64url'),
  }
}

function cardOf(
  { id, sealed, technology, assurance }: BadgeRow,
  key: Buffer,
): readonly KnownCard[] {
  const found = findClass(technology)
  if (!found) return []
  return [{ technology: found, canonical: openCard(sealed, key, badgeId.parse(id)), assurance }]
}
