// Who can prove who she is, and with what: of everybody who is active, who lacks a badge, a PIN or
// a number. It shows no number of anything.

import type { Kysely } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Coverage, CoverageGap } from '@wardkey/protocol/admin/badges/coverage'
import { badgeStatusAt } from '../../identity/find-card-holder.ts'
import { parseTexts } from '../../identity/json-column.ts'
import type { Schema } from '../../store/schema.ts'
import { provesAKey } from './badge-report.ts'

type Counts = Pick<Coverage, 'people' | 'ready' | 'lacks'>

export interface CoveredPerson {
  readonly personId: PersonId
  readonly roles: readonly string[]
  /** Of her best badge that opens something now; nothing where none does. */
  readonly assurance: number | undefined
  readonly hasPin: boolean
  readonly hasNumber: boolean
}

export interface ReadCoverage extends Counts {
  readonly roles: Coverage['roles']
  readonly missing: readonly (CoveredPerson & { readonly lacks: readonly CoverageGap[] })[]
}

export async function readPeople(
  db: Kysely<Schema>,
  nowMs: number,
): Promise<readonly CoveredPerson[]> {
  const rows = await db
    .selectFrom('person')
    .leftJoin('pin', 'pin.person_id', 'person.id')
    .leftJoin('staff_number', 'staff_number.person_id', 'person.id')
    .where('person.status', '=', 'active')
    .select([
      'person.id',
      'person.roles',
      'pin.person_id as pin',
      'staff_number.person_id as number',
    ])
    .orderBy('person.id')
    .execute()
  const best = await bestBadges(db, nowMs)
  return rows.map(({ id, roles, pin, number }) => ({
    personId: personId.parse(id),
    roles: parseTexts(roles),
    assurance: best.get(id),
    hasPin: pin !== null,
    hasNumber: number !== null,
  }))
}

/** Of each person the assurance of her best badge, by what a tap takes. */
async function bestBadges(db: Kysely<Schema>, nowMs: number): Promise<ReadonlyMap<string, number>> {
  const badges = await db
    .selectFrom('badge')
    .where('status', '=', 'active')
    .select(['person_id', 'status', 'ends_ms', 'assurance'])
    .execute()
  const best = new Map<string, number>()
  for (const { person_id: person, status, ends_ms: badgeEndsMs, assurance } of badges) {
    if (badgeStatusAt({ badgeStatus: status, badgeEndsMs }, nowMs) !== 'active') continue
    best.set(person, Math.max(assurance, best.get(person) ?? assurance))
  }
  return best
}

export async function readTokens(db: Kysely<Schema>, nowMs: number): Promise<Coverage['tokens']> {
  const rows = await db
    .selectFrom('admin_token')
    .where((eb) => eb.or([eb('expires_ms', 'is', null), eb('expires_ms', '>', nowMs)]))
    .select(['expires_ms', 'made_alone'])
    .execute()
  return {
    all: rows.length,
    withoutEnd: rows.filter((row) => row.expires_ms === null).length,
    madeAlone: rows.filter((row) => row.made_alone === 1).length,
  }
}

/** Pure. */
export function coverageOf(people: readonly CoveredPerson[]): ReadCoverage {
  const seen = people.map((person) => ({ ...person, lacks: gapsOf(person) }))
  const roles = [...new Set(people.flatMap((person) => person.roles))].sort()
  return {
    ...countsOf(seen),
    roles: roles.map((role) => ({
      role,
      ...countsOf(seen.filter((person) => person.roles.includes(role))),
    })),
    missing: seen.filter(({ lacks }) => !isReady(lacks)),
  }
}

function gapsOf({ roles, assurance, hasPin, hasNumber }: CoveredPerson): readonly CoverageGap[] {
  const gaps: CoverageGap[] = []
  if (roles.length === 0) gaps.push('role')
  if (assurance === undefined) gaps.push('badge')
  if (!hasPin) gaps.push('pin')
  if (!hasNumber) gaps.push('staff-number')
  if (assurance !== undefined && assurance < provesAKey) gaps.push('key')
  return gaps
}

/** What is asked for every day; the rest is worth knowing. */
const everyday: readonly CoverageGap[] = ['role', 'badge', 'pin']

const isReady = (lacks: readonly CoverageGap[]): boolean =>
  !lacks.some((gap) => everyday.includes(gap))

function countsOf(people: readonly { readonly lacks: readonly CoverageGap[] }[]): Counts {
  const lacks: Partial<Record<CoverageGap, number>> = {}
  for (const gap of people.flatMap((person) => person.lacks)) lacks[gap] = (lacks[gap] ?? 0) + 1
  return {
    people: people.length,
    ready: people.filter((person) => isReady(person.lacks)).length,
    lacks,
  }
}
