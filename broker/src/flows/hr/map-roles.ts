// Which roles HR's words give: rules from settings over job code, department, location, groups and
// SCIM roles. Rules add up; what no rule names gives nothing. Pure.

import type { RoleRule } from '../../platform/settings-schemas.ts'
import type { HrPlace } from './hr-record.ts'

export type Mappable = Pick<
  HrPlace,
  'jobCode' | 'department' | 'division' | 'location' | 'company'
> & { readonly scimRoles: readonly string[]; readonly groups: readonly string[] }

export interface MappedRoles {
  /** Sorted, each once; none where no rule fits. */
  readonly roles: readonly string[]
  readonly rules: readonly string[]
}

const words = ['jobCode', 'department', 'division', 'location', 'company'] as const

export function mapRoles(rules: readonly RoleRule[], about: Mappable): MappedRoles {
  const fitting = rules.filter((rule) => missesOf(rule, about).length === 0)
  return {
    roles: [...new Set(fitting.flatMap(({ roles }) => roles))].sort(),
    rules: fitting.map(({ name }) => name),
  }
}

/** Which words of the rule do not fit: for the test bench. */
export function missesOf(rule: RoleRule, about: Mappable): readonly string[] {
  const missing: string[] = words.filter((word) => !fits(rule[word], [about[word]]))
  if (!fits(rule.group, about.groups)) missing.push('group')
  if (!fits(rule.scimRole, about.scimRoles)) missing.push('scimRole')
  // A rule without a word would be for everybody: settings refuse it, and so does this.
  const isEmpty = [...words, 'group' as const, 'scimRole' as const].every(
    (word) => rule[word] === undefined,
  )
  return isEmpty ? ['jobCode'] : missing
}

function fits(
  wanted: readonly string[] | undefined,
  has: readonly (string | undefined)[],
): boolean {
  if (wanted === undefined) return true
  return has.some((one) => one !== undefined && wanted.some((each) => isLike(each, one)))
}

/** Small and capital letters are the same; a star at the end stands for anything. */
function isLike(wanted: string, has: string): boolean {
  const [want, is] = [fold(wanted), fold(has)]
  return want.endsWith('*') ? is.startsWith(want.slice(0, -1)) : is === want
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
