// People from HR as the admin door speaks of them: rows of an import, and who is not mapped.

import { z } from 'zod'
import { personId } from '../ids.ts'
import { personSummary } from './people.ts'
import { limit } from './scopes.ts'

/** The columns of an import, as they are called without spaces, dashes and capitals. */
export const importColumns = [
  ...['user_name', 'external_id', 'given_name', 'family_name', 'display_name', 'title', 'mail'],
  ...['employee_number', 'employment_status', 'job_code', 'department', 'division', 'cost_center'],
  ...['organization', 'location', 'company', 'manager', 'sponsor', 'start_date', 'end_date'],
  ...['zones', 'escort_required', 'trainings', 'roles', 'badge', 'badge_format'],
] as const
export type ImportColumn = (typeof importColumns)[number]

/** What one row would do, or did. */
export const importOutcome = z.enum([
  ...(['joins', 'adopts', 'returns', 'changes', 'ends', 'same', 'refused'] as const),
])
export type ImportOutcome = z.infer<typeof importOutcome>

const importRow = z.strictObject({
  /** In the file, from 1. */
  line: z.int().min(1).max(10_000_000),
  /** Only columns that the file has: an empty cell takes away, a missing column changes nothing. */
  cells: z.partialRecord(z.enum(importColumns), z.string().max(4096)),
  /** For `apply`: what the preview said. A row that is so already is no mistake. */
  seen: z
    .strictObject({
      outcome: importOutcome,
      version: z.int().min(0),
      adopts: personId.optional(),
    })
    .optional(),
})
export type ImportRow = z.infer<typeof importRow>

export const importOrder = z.strictObject({
  mode: z.enum(['preview', 'apply']),
  rows: z.array(importRow).min(1).max(200),
})
const importedRow = z.object({
  line: z.int(),
  outcome: importOutcome,
  /** Of what HR had said of her before; 0 for somebody new. */
  version: z.int(),
  /** What is other than before, by name. */
  changed: z.array(z.string()),
  roles: z.array(z.string()),
  /** The rules that gave them; none where nobody maps her. */
  rules: z.array(z.string()),
  /** Why it is refused. */
  code: z.string().optional(),
  place: z.string().optional(),
  /** The row's badge is hers and opens nothing: a list does not change that. */
  badgeStays: z.enum(['suspended', 'lost']).optional(),
  /** She was added by hand, has this staff number, and keeps her badges; look at another name. */
  adopts: z.object({ personId, isOtherName: z.boolean() }).optional(),
})
export type ImportedRow = z.infer<typeof importedRow>
export const imported = z.object({ rows: z.array(importedRow) })

/** By which name which of HR's systems knows somebody who was added by hand. */
export const personLink = z.strictObject({
  /** The name of its token. */
  client: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  userName: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*$/u),
})
export type PersonLink = z.infer<typeof personLink>

export const unmappedQuery = z.strictObject({ after: personId.optional(), limit })
const unmappedPerson = z.object({
  personId,
  name: personSummary.shape.name,
  status: personSummary.shape.status,
  jobCode: z.string().optional(),
  department: z.string().optional(),
  location: z.string().optional(),
  groups: z.array(z.string()),
})
export type UnmappedPerson = z.infer<typeof unmappedPerson>
export const unmappedPage = z.object({
  people: z.array(unmappedPerson),
  next: personId.optional(),
})

const roleNames = z.array(z.string().min(1).max(63)).max(64)
/** Whose roles the mapping would change: those she has, and those it gives. */
const remapChange = z.strictObject({ personId, had: roleNames, roles: roleNames })
export type RemapChange = z.infer<typeof remapChange>
export const remap = {
  page: z.object({ people: z.array(remapChange), next: personId.optional() }),
  order: z.strictObject({ people: z.array(remapChange).min(1).max(200) }),
  /** `moved`: what would change is no longer what was shown, and nothing was. */
  done: z.object({ changed: z.array(personId), moved: z.array(personId) }),
}
