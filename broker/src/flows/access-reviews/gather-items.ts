// What is up for review: roles, exceptions, console roles, badges and tokens, each with where it
// comes from and when it was last used. Reads only, a few hundred people at a time.

import { z } from 'zod'
import type { ItemEvidence } from '@wardkey/protocol/admin/access-reviews/entries'
import { parseTexts } from '../../identity/json-column.ts'
import { parseStoredZone } from '../../policy/stored-zone.ts'
import { hostTokenName } from '../admin-tokens.ts'
import { Reviewers } from './find-reviewers.ts'
import { findUses } from './find-uses.ts'
import type { Uses } from './find-uses.ts'
import type { ItemRow, ReviewNeeds } from './review-needs.ts'

export interface Scope {
  readonly isHighRiskOnly: boolean
  readonly department?: string | undefined
}

/** An entry that nobody has decided, without its campaign. */
export type Gathered = Pick<
  ItemRow,
  'person_id' | 'department' | 'reviewer_id' | 'kind' | 'what' | 'is_high_risk'
> & { readonly evidence: ItemEvidence }

const peopleAtOnce = 200

/** By zone: whom it is for. */
type Zones = readonly {
  readonly label: string
  readonly id: string
  readonly roles: readonly string[]
}[]

export async function gatherItems(scope: Scope, needs: ReviewNeeds): Promise<readonly Gathered[]> {
  const reviewers = new Reviewers(needs)
  const zones = await zonesOf(needs)
  const all: Gathered[] = []
  let after = ''
  for (;;) {
    const people = await peopleAfter(after, scope, needs)
    for (const person of people) {
      // Whoever taps meanwhile waits for one person's facts, and not for a whole hospital's.
      await new Promise((resolve) => setImmediate(resolve))
      const reviewer = (await reviewers.of(subjectOf(person))) ?? null
      const about = { person_id: person.id, department: person.department, reviewer_id: reviewer }
      const uses = await findUses(person.id, needs)
      const parts = [...rolesOf(person, uses, zones, needs)]
      if (!scope.isHighRiskOnly) {
        parts.push(...(await exceptionsOf(person, uses, zones, needs)))
        parts.push(
          ...(await consoleRolesOf(person, needs)),
          ...(await badgesOf(person, uses, needs)),
        )
      }
      all.push(...parts.map((part) => ({ ...about, ...part })))
    }
    const last = people.at(-1)
    if (!last) break
    after = last.id
  }
  const isWhole = !scope.isHighRiskOnly && scope.department === undefined
  const tokens = isWhole ? await tokensOf(reviewers, needs) : []
  const kept = scope.isHighRiskOnly ? all.filter((item) => item.is_high_risk === 1) : all
  return [...kept, ...tokens]
}

type Part = Pick<Gathered, 'kind' | 'what' | 'is_high_risk' | 'evidence'>
type Person = Awaited<ReturnType<typeof peopleAfter>>[number]

/** Whoever works here; who is away for a while keeps what she has. */
function peopleAfter(after: string, { department }: Scope, { db }: ReviewNeeds) {
  const rows = db
    .selectFrom('person')
    .leftJoin('person_hr', (join) =>
      join.onRef('person_hr.person_id', '=', 'person.id').on('person_hr.deleted_ms', 'is', null),
    )
    .where('person.id', '>', after)
    .where('person.status', 'in', ['active', 'on-leave', 'suspended'])
    .select(['person.id', 'person.roles', 'person.access_ms', 'person.created_ms'])
    .select(['person_hr.is_mapped', 'person_hr.manager_id', 'person_hr.department'])
    .select(['person_hr.location', 'person_hr.client'])
    .orderBy('person.id')
    .limit(peopleAtOnce)
  return (
    department === undefined ? rows : rows.where('person_hr.department', '=', department)
  ).execute()
}

function subjectOf(person: Person) {
  return {
    personId: person.id,
    client: person.client ?? undefined,
    managerId: person.manager_id ?? undefined,
    department: person.department ?? undefined,
    location: person.location ?? undefined,
  }
}

function rolesOf(person: Person, uses: Uses, zones: Zones, { accessReviews }: ReviewNeeds): Part[] {
  const source = person.is_mapped === 1 ? 'hr' : 'by-hand'
  return parseTexts(person.roles).map((role) => {
    const open = zones.filter(({ roles }) => roles.includes(role))
    const lastUsedMs = uses.lastIn(new Set(open.map(({ id }) => id)))
    const evidence: ItemEvidence = {
      ...{ source, sinceMs: person.access_ms ?? person.created_ms },
      ...(lastUsedMs === undefined ? {} : { lastUsedMs }),
      opens: open.map(({ label }) => label),
    }
    const isHighRisk = accessReviews.highRiskRoles.includes(role)
    return { kind: 'role', what: role, is_high_risk: isHighRisk ? 1 : 0, evidence }
  })
}

async function exceptionsOf(
  { id }: Person,
  uses: Uses,
  zones: Zones,
  { db, nowMs, accessReviews }: ReviewNeeds,
): Promise<Part[]> {
  const rows = await db
    .selectFrom('access_exception')
    .selectAll()
    .where('person_id', '=', id)
    .where('ended_ms', 'is', null)
    .where('outcome', '=', 'approved')
    .where('until_ms', '>', nowMs())
    .execute()
  return rows.map((row) => {
    const open = zones.filter((zone) =>
      row.kind === 'zone' ? zone.id === row.what : zone.roles.includes(row.what),
    )
    const lastUsedMs = uses.lastIn(new Set(open.map((zone) => zone.id)))
    const isHighRisk = row.kind === 'role' && accessReviews.highRiskRoles.includes(row.what)
    const evidence: ItemEvidence = {
      ...{ source: 'two-people', opens: [`${row.kind} ${row.what}`] },
      ...(row.decided_ms === null ? {} : { sinceMs: row.decided_ms }),
      ...(row.until_ms === null ? {} : { untilMs: row.until_ms }),
      ...(lastUsedMs === undefined ? {} : { lastUsedMs }),
    }
    return { kind: 'exception', what: row.id, is_high_risk: isHighRisk ? 1 : 0, evidence }
  })
}

async function consoleRolesOf({ id }: Person, { db }: ReviewNeeds): Promise<Part[]> {
  const rows = await db
    .selectFrom('console_role_seen')
    .selectAll()
    .where('person_id', '=', id)
    .orderBy('role')
    .execute()
  return rows.map(({ role, last_ms: lastUsedMs }) => ({
    ...{ kind: 'console-role', what: role, is_high_risk: role === 'administrator' ? 1 : 0 },
    evidence: { source: 'provider', lastUsedMs, opens: [`console as ${role}`] },
  }))
}

async function badgesOf({ id }: Person, uses: Uses, { db }: ReviewNeeds): Promise<Part[]> {
  const rows = await db
    .selectFrom('badge')
    .select(['id', 'technology', 'from_ms', 'ends_ms'])
    .where('person_id', '=', id)
    .where('status', '=', 'active')
    .execute()
  return rows.map((badge) => {
    const lastUsedMs = uses.lastWith(badge.id)
    const evidence: ItemEvidence = {
      ...{ source: 'enrolment', sinceMs: badge.from_ms, opens: [badge.technology] },
      ...(badge.ends_ms === null ? {} : { untilMs: badge.ends_ms }),
      ...(lastUsedMs === undefined ? {} : { lastUsedMs }),
    }
    return { kind: 'badge', what: badge.id, is_high_risk: 0, evidence }
  })
}

const scopeList = z.array(z.string())

/** The host’s own token is whoever has the key folder: no review takes it. */
async function tokensOf(reviewers: Reviewers, { db, nowMs }: ReviewNeeds): Promise<Gathered[]> {
  const rows = await db
    .selectFrom('admin_token')
    .selectAll()
    .where('name', '<>', hostTokenName)
    .where((token) =>
      token.or([token('expires_ms', 'is', null), token('expires_ms', '>', nowMs())]),
    )
    .orderBy('name')
    .execute()
  const items: Gathered[] = []
  for (const row of rows) {
    const maker = /^person ([0-9a-f-]{36})$/.exec(row.made_by ?? '')?.[1]
    const reviewer = await reviewers.of({ personId: maker ?? '' })
    const opens = scopeList.parse(JSON.parse(row.scopes))
    items.push({
      ...{ person_id: maker ?? null, department: null, reviewer_id: reviewer ?? null },
      ...{ kind: 'token', what: row.hash, is_high_risk: opens.some(isPower) ? 1 : 0 },
      evidence: {
        ...{ source: 'token', sinceMs: row.created_ms, opens: [row.name, ...opens] },
        ...(row.expires_ms === null ? {} : { untilMs: row.expires_ms }),
      },
    })
  }
  return items
}

const isPower = (scope: string): boolean => /:(write|approve)$/.test(scope)

async function zonesOf({ db }: ReviewNeeds): Promise<Zones> {
  const rows = await db
    .selectFrom('zone')
    .select(['id', 'label', 'settings'])
    .orderBy('id')
    .execute()
  return rows.map(({ id, label, settings }) => ({
    id,
    label,
    roles: parseStoredZone(settings).roles,
  }))
}
