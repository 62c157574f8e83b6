// One row of an import as HR's word: cells to values, beside what was said before. A column that
// the file does not have changes nothing; an empty cell takes away. Pure.

import type { ImportColumn } from '@wardkey/protocol/admin/hr'
import { findCardNumberFormat, parseCardNumber } from '../../../identity/cards/card-numbers.ts'
import type { BadgeWish } from '../hr-flow.ts'
import { employment, hrRecord } from '../hr-record.ts'
import type { HrRecord } from '../hr-record.ts'

export type Cells = Readonly<Partial<Record<ImportColumn, string>>>

export type RowWord =
  | { readonly kind: 'word'; readonly record: HrRecord; readonly badges: readonly BadgeWish[] }
  /** The column that is wrong, never what is in it. */
  | { readonly kind: 'wrong'; readonly place: string }

const texts = {
  user_name: ['identity', 'userName'],
  external_id: ['identity', 'externalId'],
  given_name: ['identity', 'given'],
  family_name: ['identity', 'family'],
  display_name: ['identity', 'displayName'],
  title: ['identity', 'title'],
  employee_number: ['identity', 'employeeNumber'],
  organization: ['identity', 'organization'],
  job_code: ['place', 'jobCode'],
  department: ['place', 'department'],
  division: ['place', 'division'],
  cost_center: ['place', 'costCenter'],
  location: ['place', 'location'],
  company: ['place', 'company'],
  manager: ['place', 'managerId'],
  sponsor: ['place', 'sponsorId'],
} as const satisfies Partial<Record<ImportColumn, readonly [string, string]>>

export function recordOfCells(cells: Cells, was: HrRecord | undefined): RowWord {
  const parts: Record<'identity' | 'place' | 'access', Record<string, unknown>> = {
    identity: { ...was?.identity },
    place: { ...was?.place },
    access: { ...was?.access },
  }
  for (const [column, [part, name]] of Object.entries(texts)) {
    const cell = cells[column as ImportColumn]?.trim()
    if (cell !== undefined) parts[part][name] = cell === '' ? undefined : cell
  }
  const wrong = takeOthers(cells, parts)
  if (wrong !== undefined) return { kind: 'wrong', place: wrong }
  const badges = badgesOf(cells)
  if (!badges) return { kind: 'wrong', place: 'badge' }
  const parsed = hrRecord.safeParse(JSON.parse(JSON.stringify(parts)))
  if (parsed.success) return { kind: 'word', record: parsed.data, badges }
  return { kind: 'wrong', place: columnOf(parsed.error.issues[0]?.path ?? []) }
}

type Parts = Record<'identity' | 'place' | 'access', Record<string, unknown>>

/** Cells that are more than a text; the column that is wrong, where one is. */
function takeOthers(cells: Cells, { identity, place, access }: Parts): ImportColumn | undefined {
  const { mail, zones, roles, escort_required: escort, trainings } = cells
  if (mail !== undefined) {
    const value = mail.trim()
    identity['mails'] = value === '' ? [] : [{ value, type: 'work', primary: true }]
  }
  if (zones !== undefined) access['zones'] = zones.trim() === '' ? undefined : listOf(zones)
  if (roles !== undefined) place['scimRoles'] = listOf(roles)
  if (escort !== undefined) {
    const yes = yesNo(escort)
    if (yes === undefined) return 'escort_required'
    access['needsEscort'] = yes
  }
  const status = cells.employment_status?.trim().toLowerCase()
  if (status !== undefined) {
    // Silence is no word here either: an empty cell ends no leave.
    const known = status === '' ? identity['employmentStatus'] : employment.safeParse(status).data
    if (status !== '' && known === undefined) return 'employment_status'
    identity['employmentStatus'] = known
  }
  for (const [column, name, isLast] of dates) {
    const cell = cells[column]
    if (cell === undefined) continue
    const ms = cell.trim() === '' ? null : dateOf(cell.trim(), isLast)
    if (ms === undefined) return column
    access[name] = ms ?? undefined
  }
  if (trainings !== undefined) {
    const all = listOf(trainings).map((one) => {
      const [kind = '', day = ''] = one.split(/:(.*)/s)
      return [kind.trim(), dateOf(day.trim(), true)] as const
    })
    if (all.some(([, ms]) => ms === undefined)) return 'trainings'
    access['training'] = Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  return undefined
}

const dates = [
  ['start_date', 'startsMs', false],
  ['end_date', 'endsMs', true],
] as const

const listOf = (cell: string): string[] =>
  cell
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '')

function yesNo(cell: string): boolean | undefined {
  const small = cell.trim().toLowerCase()
  if (['', 'no', 'false', '0', 'n'].includes(small)) return false
  return ['yes', 'true', '1', 'y'].includes(small) ? true : undefined
}

const dayMs = 86_400_000

/** A day is meant from its beginning, or to its end; in UTC, as the preview says. */
function dateOf(text: string, isLast: boolean): number | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text)
  if (!isDay && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const ms = Date.parse(isDay ? `${text}T00:00:00Z` : text)
  return Number.isNaN(ms) || ms < 0 ? undefined : ms + (isDay && isLast ? dayMs : 0)
}

/** Nothing where the number is none. */
function badgesOf({ badge, badge_format: format }: Cells): readonly BadgeWish[] | undefined {
  if (badge === undefined || badge.trim() === '') return []
  const wanted = format === undefined || format.trim() === '' ? 'hex' : format.trim()
  const known = findCardNumberFormat(wanted)
  const card = known && parseCardNumber(badge, known)
  return card ? [{ kind: 'enrol', card }] : undefined
}

function columnOf(path: readonly PropertyKey[]): string {
  const [part, name] = path
  const column = Object.entries(texts).find(([, [of, to]]) => of === part && to === name)?.[0]
  const others: Readonly<Record<string, string>> = {
    mails: 'mail',
    zones: 'zones',
    scimRoles: 'roles',
    training: 'trainings',
  }
  return column ?? others[String(name)] ?? 'the row'
}
