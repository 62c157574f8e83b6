// What a list request asks for: which, in which order, which page, which attributes (RFC 7644
// section 3.4.2), from an address or from a search body. Pure.

import { z } from 'zod'
import type { FoundAttribute } from './resource/find-attribute.ts'
import { foldOf, isObject, valuesOf } from './filter/match-filter.ts'
import { parseFilter } from './filter/parse-filter.ts'
import type { Filter } from './filter/parse-filter.ts'
import { flaw } from './scim-flaw.ts'
import type { ResourceType } from './resource/scim-schema.ts'
import { attributeNamed, projectionOf } from './projection.ts'
import type { Projection } from './projection.ts'
import { requireSchema } from './resource/take-value.ts'
import type { Resource } from './resource/take-value.ts'

export interface ListQuery extends Projection {
  readonly filter?: Filter
  readonly sortBy?: FoundAttribute
  readonly isDescending: boolean
  /** From 1. */
  readonly startIndex: number
  readonly count: number
  /** From an address: what may not be in one is refused. */
  readonly isInAddress: boolean
}

export const pageMax = 200
const usualPage = 100
export const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

const whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?[0-9]{1,9}$/)
    .transform(Number),
])
const asked = z.looseObject({
  filter: z.string().optional(),
  sortBy: z.string().max(300).optional(),
  sortOrder: z.enum(['ascending', 'descending']).optional(),
  startIndex: whole.optional(),
  count: whole.optional(),
})

export function readListQuery(
  given: Readonly<Record<string, unknown>>,
  type: ResourceType,
  isInAddress: boolean,
): ListQuery {
  const parsed = asked.safeParse(given)
  if (!parsed.success) {
    const place = String(parsed.error.issues[0]?.path[0] ?? 'a parameter')
    throw flaw('invalidValue', `${place} is not understood.`)
  }
  const { filter, sortBy, sortOrder, startIndex = 1, count = usualPage } = parsed.data
  const sorted = sortBy === undefined ? undefined : attributeNamed(sortBy, type)
  return {
    ...projectionOf(given, type),
    ...(filter === undefined ? {} : { filter: parseFilter(filter) }),
    ...(sorted === undefined ? {} : { sortBy: sorted }),
    isDescending: sortOrder === 'descending',
    startIndex: Math.max(1, startIndex),
    count: Math.min(pageMax, Math.max(0, count)),
    isInAddress,
  }
}

export function readSearch(body: unknown, type: ResourceType): ListQuery {
  requireSchema(body, searchUrn)
  return readListQuery(isObject(body) ? body : {}, type, false)
}

/** Unassigned comes last ascending (RFC 7644 section 3.4.2.3); of equals the id decides, always. */
export function sorted(
  all: readonly Resource[],
  { sortBy, isDescending }: Pick<ListQuery, 'sortBy' | 'isDescending'>,
): readonly Resource[] {
  if (!sortBy) return all
  const fold = foldOf(sortBy.sub ?? sortBy.attribute)
  const keyed = all.map((resource) => ({ resource, key: keyOf(resource, sortBy, fold) }))
  const by = (a: string | undefined, b: string | undefined): number => {
    if (a === b) return 0
    if (a === undefined) return 1
    return b === undefined || a < b ? -1 : 1
  }
  keyed.sort(
    (a, b) =>
      (isDescending ? by(b.key, a.key) : by(a.key, b.key)) ||
      by(String(a.resource['id']), String(b.resource['id'])),
  )
  return keyed.map(({ resource }) => resource)
}

function keyOf(resource: Resource, found: FoundAttribute, fold: (text: string) => string) {
  const whole = valuesOf(resource, { ...found, isWhole: true })
  const primary = whole.findIndex((one) => isObject(one) && one['primary'] === true)
  const value = valuesOf(resource, found)[Math.max(0, primary)]
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? fold(value) : JSON.stringify(value)
}

export function listBody(
  resources: readonly Resource[],
  page: { readonly total: number; readonly startIndex: number },
) {
  return {
    schemas: [listUrn],
    totalResults: page.total,
    startIndex: page.startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

/** The value that the filter asks an attribute to be, where nothing else would fit it. */
export function wantedOf(filter: Filter | undefined, name: string): string | undefined {
  if (!filter) return undefined
  if (filter.kind === 'and') {
    for (const one of filter.of) {
      const wanted = wantedOf(one, name)
      if (wanted !== undefined) return wanted
    }
    return undefined
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined
  const { path, literal } = filter
  const isIt = path.name?.toLowerCase() === name.toLowerCase() && path.sub === undefined
  return isIt && typeof literal === 'string' ? literal : undefined
}
