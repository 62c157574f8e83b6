// What silence would take, and whether two people have to agree to so much: more than settings
// allow, or half of a department left without any role. Pure.

import type { AccessReviewRules, ItemRow } from './review-needs.ts'

type Weighed = Pick<ItemRow, 'person_id' | 'department' | 'reviewer_id' | 'kind' | 'what'>

export interface Unit {
  readonly department: string
  readonly people: number
  readonly withoutRole: number
}

export interface Weight {
  readonly wouldGo: number
  readonly units: readonly Unit[]
  readonly needsTwo: boolean
}

/** One person alone is no unit: her manager was asked about her by name. */
const unitMin = 2

/**
 * `all` is everything up for review, of which `open` is undecided. What nobody was asked about does
 * not go.
 */
export function weighSilence(
  all: readonly Weighed[],
  open: readonly Weighed[],
  { twoPeopleAbove }: Pick<AccessReviewRules, 'twoPeopleAbove'>,
): Weight {
  const going = open.filter(({ reviewer_id: reviewer }) => reviewer !== null)
  const units = unitsOf(all, going)
  const isUnitOut = units.some(
    ({ people, withoutRole }) => people >= unitMin && withoutRole * 2 >= people,
  )
  return { wouldGo: going.length, units, needsTwo: going.length > twoPeopleAbove || isUnitOut }
}

function unitsOf(all: readonly Weighed[], going: readonly Weighed[]): readonly Unit[] {
  const had = rolesEach(all)
  const lost = rolesEach(going)
  const units = new Map<string, { people: number; withoutRole: number }>()
  for (const [person, { department, count }] of had) {
    const unit = units.get(department) ?? { people: 0, withoutRole: 0 }
    units.set(department, unit)
    unit.people += 1
    if (lost.get(person)?.count === count) unit.withoutRole += 1
  }
  return [...units]
    .map(([department, unit]) => ({ department, ...unit }))
    .sort((a, b) => a.department.localeCompare(b.department))
}

function rolesEach(items: readonly Weighed[]) {
  const each = new Map<string, { department: string; count: number }>()
  for (const { person_id: person, department, kind } of items) {
    // Whom HR puts nowhere are no unit: only their number counts.
    if (kind !== 'role' || person === null || department === null) continue
    const { count } = each.get(person) ?? { count: 0 }
    each.set(person, { department, count: count + 1 })
  }
  return each
}
