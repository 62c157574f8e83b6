// Who a card belongs to: one query for badge, person and grace, since every tap asks it.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { BadgeId, PersonId } from '@wardkey/protocol/ids'
import { badgeId, personId } from '@wardkey/protocol/ids'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import { parseAccess } from './access-facts.ts'
import type { HeldAccess } from './access-facts.ts'
import { isResting } from './cards/resting-badge.ts'
import { parseTexts } from './json-column.ts'

/** Whose it is, whatever it was found by. */
export interface Holder {
  readonly personId: PersonId
  readonly personStatus: Schema['person']['status']
  readonly personVersion: number
  readonly roles: readonly string[]
  readonly access: HeldAccess
  readonly nameSealed: Uint8Array
  readonly hasPin: boolean
  readonly pinFailures: number
  readonly pinLockedUntilMs: number
  readonly grace: {
    readonly zoneId: string
    readonly pinAtMs: number
    readonly lastMs: number
  } | null
}

export interface CardHolder extends Holder {
  readonly badgeId: BadgeId
  readonly badgeStatus: Schema['badge']['status']
  /** Suspended for a loaner alone: it comes back by itself. */
  readonly isBadgeResting: boolean
  readonly badgeVersion: number
  readonly assurance: number
  /** A loaner's own end; null for badges that have none. */
  readonly badgeEndsMs: number | null
}

const byLookup = prepared<{ lookup: string }>()((db, hole) =>
  holders(db)
    .where('badge.lookup', '=', hole('lookup'))
    // As the index has it, word for word: with parameters each tap would look at every badge.
    .where(sql<boolean>`badge.status in ('active', 'suspended', 'lost')`),
)

const byBadge = prepared<{ badge: string }>()((db, hole) =>
  holders(db).where('badge.id', '=', hole('badge')),
)

/** The present owner of the card, whatever the badge's state; nothing for a card nobody has. */
export async function findCardHolder(
  db: Kysely<Schema>,
  lookup: string,
): Promise<CardHolder | undefined> {
  const { rows } = await db.executeQuery(byLookup(db, { lookup }))
  return rows[0] && holderOf(rows[0])
}

/** The same by the badge's own id, for a tap that has been answered with a question. */
export async function findBadgeHolder(
  db: Kysely<Schema>,
  badge: string,
): Promise<CardHolder | undefined> {
  const { rows } = await db.executeQuery(byBadge(db, { badge }))
  return rows[0] && holderOf(rows[0])
}

/** The owner of a card, where badge and person are both active; nothing otherwise. */
export async function findActiveHolder(
  db: Kysely<Schema>,
  lookup: string,
  nowMs: number,
): Promise<CardHolder | undefined> {
  const holder = await findCardHolder(db, lookup)
  if (!holder || holder.personStatus !== 'active') return undefined
  return badgeStatusAt(holder, nowMs) === 'active' ? holder : undefined
}

/** A loaner past its end is expired, whether or not the sweep has been by. */
export function badgeStatusAt(
  { badgeStatus, badgeEndsMs }: Pick<CardHolder, 'badgeStatus' | 'badgeEndsMs'>,
  nowMs: number,
): CardHolder['badgeStatus'] {
  return badgeEndsMs !== null && badgeEndsMs <= nowMs ? 'expired' : badgeStatus
}

/** Somebody without a card at hand: what a tap knows of its holder, less the badge. */
export async function findHolder(
  db: Kysely<Schema>,
  person: PersonId,
): Promise<Holder | undefined> {
  const row = await db
    .selectFrom('person')
    .leftJoin('pin', 'pin.person_id', 'person.id')
    .leftJoin('grace', 'grace.person_id', 'person.id')
    .where('person.id', '=', person)
    .select(personColumns)
    .executeTakeFirst()
  return row && personOf(row)
}

type PersonRow = Omit<
  Row,
  'badge_id' | 'badge_status' | 'suspended_for' | 'badge_version' | 'assurance' | 'badge_ends_ms'
>
type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof holders>['executeTakeFirst']>>>

function holderOf(row: Row): CardHolder {
  return {
    badgeId: badgeId.parse(row.badge_id),
    badgeStatus: row.badge_status,
    isBadgeResting: isResting({ status: row.badge_status, suspendedFor: row.suspended_for }),
    badgeVersion: row.badge_version,
    assurance: row.assurance,
    badgeEndsMs: row.badge_ends_ms,
    ...personOf(row),
  }
}

function personOf(row: PersonRow): Holder {
  return {
    personId: personId.parse(row.person_id),
    personStatus: row.person_status,
    personVersion: row.person_version,
    roles: parseTexts(row.roles),
    access: parseAccess(row),
    nameSealed: row.name_sealed,
    hasPin: row.locked_until_ms !== null,
    pinFailures: row.failures ?? 0,
    pinLockedUntilMs: row.locked_until_ms ?? 0,
    grace: graceOf(row),
  }
}

function graceOf(row: PersonRow): CardHolder['grace'] {
  const { grace_zone: zoneId, grace_pin_at_ms: pinAtMs, grace_last_ms: lastMs } = row
  if (zoneId === null || pinAtMs === null || lastMs === null) return null
  return { zoneId, pinAtMs, lastMs }
}

const personColumns = [
  'person.id as person_id',
  'person.status as person_status',
  'person.version as person_version',
  'person.roles as roles',
  'person.access as access',
  'person.exceptions as exceptions',
  'person.name_sealed as name_sealed',
  'pin.failures as failures',
  'pin.locked_until_ms as locked_until_ms',
  'grace.zone_id as grace_zone',
  'grace.pin_at_ms as grace_pin_at_ms',
  'grace.last_ms as grace_last_ms',
] as const

function holders(db: Kysely<Schema>) {
  return db
    .selectFrom('badge')
    .innerJoin('person', 'person.id', 'badge.person_id')
    .leftJoin('pin', 'pin.person_id', 'badge.person_id')
    .leftJoin('grace', 'grace.person_id', 'badge.person_id')
    .select([
      'badge.id as badge_id',
      'badge.status as badge_status',
      'badge.suspended_for as suspended_for',
      'badge.version as badge_version',
      'badge.assurance as assurance',
      'badge.ends_ms as badge_ends_ms',
    ])
    .select(personColumns)
    .limit(1)
}
