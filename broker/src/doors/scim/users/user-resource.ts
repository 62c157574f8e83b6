// A person as SCIM shows her, and back: from what HR said to a resource, and from a resource to
// what HR says. Badge numbers go one way only.

import type { z } from 'zod'
import type { Badge, BadgeStatus } from '../../../identity/badges.ts'
import type { GroupName } from '../../../flows/hr/groups/hr-group-row.ts'
import type { HrPerson } from '../../../flows/hr/hr-person-row.ts'
import { hrRecord } from '../../../flows/hr/hr-record.ts'
import type { HrRecord } from '../../../flows/hr/hr-record.ts'
import type { PersonStatus } from '../../../identity/people.ts'
import { isObject } from '../filter/match-filter.ts'
import { flaw } from '../scim-flaw.ts'
import { clinicianUrn, enterpriseUrn, userUrn } from '../resource/scim-schema.ts'
import type { Resource } from '../resource/take-value.ts'

export interface ShownUser {
  readonly person: HrPerson
  readonly status: PersonStatus
  readonly badges: readonly Badge[]
  readonly groups: readonly GroupName[]
}

const shownStatus: Partial<Record<BadgeStatus, string>> = {
  active: 'active',
  suspended: 'suspended',
  lost: 'lost',
}

export function userResource(
  { person, status, badges, groups }: ShownUser,
  base: string,
): Resource {
  const { identity, place } = person.record
  const enterprise = present({
    employeeNumber: identity.employeeNumber,
    costCenter: place.costCenter,
    organization: identity.organization,
    division: place.division,
    department: place.department,
    manager: valued(place.managerId),
  })
  const clinician = clinicianOf(person.record, status, badges)
  const location = `${base}/Users/${person.personId}`
  return present({
    schemas: [userUrn, ...(enterprise ? [enterpriseUrn] : []), clinicianUrn],
    id: person.personId,
    externalId: identity.externalId,
    userName: identity.userName,
    name: present({
      formatted: identity.formatted,
      familyName: identity.family,
      givenName: identity.given,
    }),
    displayName: identity.displayName,
    title: identity.title,
    userType: identity.userType,
    active: identity.isActive,
    emails: filled(identity.mails.map((mail) => present({ ...mail }))),
    roles: filled(place.scimRoles.map((value) => ({ value }))),
    groups: filled(
      groups.map(({ id, name }) => ({ value: id, display: name, $ref: `${base}/Groups/${id}` })),
    ),
    [enterpriseUrn]: enterprise,
    [clinicianUrn]: clinician,
    meta: {
      resourceType: 'User',
      created: new Date(person.createdMs).toISOString(),
      lastModified: new Date(person.changedMs).toISOString(),
      location,
      version: `W/"${String(person.version)}"`,
    },
  }) as Resource
}

function clinicianOf(
  { identity, place, access }: HrRecord,
  status: PersonStatus,
  badges: readonly Badge[],
) {
  return present({
    employmentStatus: identity.employmentStatus,
    status,
    jobCode: place.jobCode,
    location: place.location,
    company: place.company,
    startDate: timeText(access.startsMs),
    endDate: timeText(access.endsMs),
    sponsor: valued(place.sponsorId),
    zones: access.zones && [...access.zones],
    escortRequired: access.needsEscort ? true : undefined,
    trainings: filled(
      Object.entries(access.training).map(([value, ms]) => ({ value, expires: timeText(ms) })),
    ),
    schedule: filled(access.hours.map((hours) => ({ ...hours, days: [...hours.days] }))),
    badges: filled(
      badges
        .filter(({ status: of }) => shownStatus[of] !== undefined)
        .map((badge) => ({
          id: badge.id,
          technology: badge.technology,
          // HR's own word is told from a day's rest, or it would be said back as one.
          status: badge.suspendedFor === null ? shownStatus[badge.status] : 'resting',
          issued: timeText(badge.fromMs),
        })),
    ),
  })
}

/**
 * What HR says by this resource. `was` is what it said before: a switch that is left out stays as
 * it is, since silence must bring nobody back.
 */
export function recordOf(resource: Resource, was: HrRecord | undefined): HrRecord {
  const enterprise = part(resource, enterpriseUrn)
  const clinician = part(resource, clinicianUrn)
  const name = part(resource, 'name')
  const status = clinician['employmentStatus'] ?? was?.identity.employmentStatus
  const given = {
    identity: {
      userName: resource['userName'],
      externalId: resource['externalId'],
      given: name['givenName'],
      family: name['familyName'],
      formatted: name['formatted'],
      displayName: resource['displayName'],
      title: resource['title'],
      userType: resource['userType'],
      organization: enterprise['organization'],
      employeeNumber: enterprise['employeeNumber'],
      mails: elements(resource['emails'])
        .filter((mail) => mail['value'] !== undefined)
        .map((mail) => ({
          value: mail['value'],
          type: mail['type'],
          primary: mail['primary'] === true,
        })),
      isActive: resource['active'] ?? was?.identity.isActive ?? true,
      employmentStatus: status,
    },
    place: {
      jobCode: clinician['jobCode'],
      department: enterprise['department'],
      division: enterprise['division'],
      costCenter: enterprise['costCenter'],
      location: clinician['location'],
      company: clinician['company'],
      managerId: part(enterprise, 'manager')['value'],
      sponsorId: part(clinician, 'sponsor')['value'],
      scimRoles: elements(resource['roles']).flatMap(({ value }) => value ?? []),
    },
    access: {
      startsMs: timeOf(clinician['startDate']),
      endsMs: timeOf(clinician['endDate']),
      zones: clinician['zones'],
      needsEscort: clinician['escortRequired'] === true,
      training: Object.fromEntries(
        elements(clinician['trainings'])
          .map((one) => [textOf(one['value']), timeOf(one['expires']) ?? -1] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
      hours: elements(clinician['schedule']),
      // SCIM has no word for a roster: whoever brought one keeps it.
      roster: was?.access.roster ?? [],
    },
  }
  const parsed = hrRecord.safeParse(withoutNothing(given))
  if (parsed.success) return parsed.data
  throw flaw('invalidValue', `${placeOf(parsed.error)} is missing, too long or not allowed.`)
}

const names: Readonly<Record<string, string>> = {
  given: 'name.givenName',
  family: 'name.familyName',
  formatted: 'name.formatted',
  mails: 'emails',
  managerId: 'manager.value',
  sponsorId: 'sponsor.value',
  scimRoles: 'roles',
  startsMs: 'startDate',
  endsMs: 'endDate',
  training: 'trainings',
  hours: 'schedule',
}

/** The attribute as SCIM calls it; never its value, and never a key that somebody made up. */
function placeOf(error: z.ZodError): string {
  const [, word = 'The resource'] = error.issues[0]?.path ?? []
  const text = String(word)
  return names[text] ?? text
}

function part(resource: Readonly<Record<string, unknown>>, name: string) {
  const value = resource[name]
  return isObject(value) ? value : {}
}

export function elements(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function timeOf(value: unknown): number | undefined {
  return typeof value === 'string' ? Date.parse(value) : undefined
}

function timeText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

function valued(value: string | undefined) {
  return value === undefined ? undefined : { value }
}

function filled<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items
}

/** Without what is unassigned; nothing where all of it is. */
function present(
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function withoutNothing(given: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(given))
}
