// Badges as rows: whose they are and were, and the writes that enrol and change them. A badge's
// number is kept as a keyed hash to look up and sealed to show, never as it is.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { BadgeId, PersonId } from '@wardkey/protocol/ids'
import { seal, unseal } from '../platform/seal.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'
import type { BadgeTechnology } from './badge-technology.ts'

type Db = Kysely<Schema>
export type BadgeStatus = Schema['badge']['status']

export interface Badge {
  readonly id: BadgeId
  readonly personId: PersonId
  readonly sealed: Uint8Array
  readonly technology: string
  readonly assurance: number
  readonly status: BadgeStatus
  readonly fromMs: number
  readonly untilMs: number | null
  /** When its status last changed, or when it was enrolled. */
  readonly sinceMs: number
  /** A loaner's own end, and the card of the pool that it is. */
  readonly endsMs: number | null
  readonly loanerCardId: string | null
  /** The loaner badge that it is suspended for. */
  readonly suspendedFor: BadgeId | null
  /** HR's word suspended it, and nobody else's since. */
  readonly isSuspendedByHr: boolean
  readonly version: number
}

export async function findBadge(db: Db, id: BadgeId): Promise<Badge | undefined> {
  const row = await db.selectFrom('badge').selectAll().where('id', '=', id).executeTakeFirst()
  return row && badgeOf(row)
}

const byPerson = prepared<{ person: string }>()((db, hole) =>
  db
    .selectFrom('badge')
    .selectAll()
    .where('person_id', '=', hole('person'))
    .orderBy('from_ms', 'desc'),
)

/** All that she ever had, the newest first: history is kept. */
export async function badgesOf(db: Db, person: PersonId): Promise<readonly Badge[]> {
  const { rows } = await db.executeQuery(byPerson(db, { person }))
  return rows.map(badgeOf)
}

/** The same for many at once, by whose they are. */
export async function badgesOfPeople(
  db: Db,
  people: readonly PersonId[],
): Promise<ReadonlyMap<string, readonly Badge[]>> {
  if (people.length === 0) return new Map()
  const rows = await db
    .selectFrom('badge')
    .selectAll()
    .where('person_id', 'in', people)
    .orderBy('from_ms', 'desc')
    .execute()
  const found = new Map<string, Badge[]>()
  for (const badge of rows.map(badgeOf)) {
    found.set(badge.personId, [...(found.get(badge.personId) ?? []), badge])
  }
  return found
}

export async function isCardTaken(db: Db, lookup: string): Promise<boolean> {
  const row = await db
    .selectFrom('badge')
    .select('id')
    .where('lookup', '=', lookup)
    .where(sql<boolean>`status in ('active', 'suspended', 'lost')`)
    .executeTakeFirst()
  return row !== undefined
}

/** One owner at a time, by the unique index: of two enrolments at once one conflicts. */
export function insertBadge(
  db: Db,
  badge: {
    readonly id: BadgeId
    readonly personId: PersonId
    readonly lookup: string
    readonly sealed: Uint8Array
    readonly technology: BadgeTechnology
    readonly nowMs: number
    /** For a card of the pool: until when it is hers. */
    readonly loan?: { readonly cardId: string; readonly endsMs: number }
  },
): Write {
  const query = db
    .insertInto('badge')
    .values({
      id: badge.id,
      person_id: badge.personId,
      lookup: badge.lookup,
      sealed: badge.sealed,
      technology: badge.technology.name,
      assurance: badge.technology.assurance,
      status: 'active',
      from_ms: badge.nowMs,
      until_ms: null,
      ends_ms: badge.loan?.endsMs ?? null,
      loaner_card_id: badge.loan?.cardId ?? null,
      version: 1,
    })
    .compile()
  return { query, expectRows: 1 }
}

interface Marking {
  readonly suspendedFor?: BadgeId | null | undefined
  /** It is HR's word. */
  readonly isHrs?: boolean
}

/** `replaced` and `expired` are for good: the card may be somebody else's from then on. */
export function markBadgeRow(
  db: Db,
  was: Pick<Badge, 'id' | 'version'>,
  status: BadgeStatus,
  nowMs: number,
  { suspendedFor = null, isHrs = false }: Marking = {},
): Write {
  const isOver = status === 'replaced' || status === 'expired'
  const query = db
    .updateTable('badge')
    .set({
      status,
      until_ms: isOver ? nowMs : null,
      status_ms: nowMs,
      suspended_for: suspendedFor,
      suspended_by: isHrs && status === 'suspended' ? 'hr' : null,
      version: was.version + 1,
    })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .where('status', 'in', ['active', 'suspended', 'lost'])
    .compile()
  return { query, expectRows: 1 }
}

export function sealCard(canonical: string, key: Uint8Array, badge: BadgeId): Buffer {
  return seal(canonical, key, `badge ${badge}`)
}

export function openCard(sealed: Uint8Array, key: Uint8Array, badge: BadgeId): string {
  return unseal(sealed, key, `badge ${badge}`)
}

function badgeOf(row: Schema['badge']): Badge {
  return {
    id: badgeId.parse(row.id),
    personId: personId.parse(row.person_id),
    sealed: row.sealed,
    technology: row.technology,
    assurance: row.assurance,
    status: row.status,
    fromMs: row.from_ms,
    untilMs: row.until_ms,
    sinceMs: row.status_ms ?? row.from_ms,
    endsMs: row.ends_ms,
    loanerCardId: row.loaner_card_id,
    suspendedFor: row.suspended_for === null ? null : badgeId.parse(row.suspended_for),
    isSuspendedByHr: row.suspended_by === 'hr',
    version: row.version,
  }
}
