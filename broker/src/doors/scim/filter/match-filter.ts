// Whether a resource fits a filter, by the types and the case rules of its schema (RFC 7644 section
// 3.4.2.2). What is asked of an attribute that cannot be asked so is invalidFilter, whoever it is
// asked of. Pure.

import { findAttribute, isNotKept } from '../resource/find-attribute.ts'
import type { AttributePath, FoundAttribute } from '../resource/find-attribute.ts'
import { flaw } from '../scim-flaw.ts'
import type { Attribute, ResourceType } from '../resource/scim-schema.ts'
import type { Filter, Literal, Operator } from './parse-filter.ts'

export type Json = Readonly<Record<string, unknown>>

type Test = (resource: Json) => boolean

/**
 * The filter as a question; throws `invalidFilter` for names that nobody knows and for comparisons
 * that make no sense, before anybody is looked at. `isInAddress` refuses what may not be in one.
 */
export function testOf(filter: Filter, type: ResourceType, isInAddress = false): Test {
  switch (filter.kind) {
    case 'and':
      return every(filter.of.map((one) => testOf(one, type, isInAddress)))
    case 'or': {
      const tests = filter.of.map((one) => testOf(one, type, isInAddress))
      return (resource) => tests.some((test) => test(resource))
    }
    case 'not': {
      const test = testOf(filter.of, type, isInAddress)
      return (resource) => !test(resource)
    }
    case 'present': {
      const found = find(filter.path, type, isInAddress)
      return (resource) => found !== undefined && valuesOf(resource, found).some(isPresent)
    }
    case 'compare': {
      const found = find(filter.path, type, isInAddress)
      const { operator, literal } = filter
      if (!found) return () => operator === 'ne'
      const compare = comparison(comparedOf(found), operator, literal)
      return (resource) => some(valuesOf(resource, found), operator, compare)
    }
    case 'within': {
      const found = find(filter.path, type, isInAddress)
      if (!found) return () => false
      const test = elementTest(filter.of, found.attribute, isInAddress)
      return (resource) => valuesOf(resource, { ...found, isWhole: true }).some(test)
    }
  }
}

/** For the elements of one multi-valued attribute: names are its sub-attributes'. */
export function elementTest(
  filter: Filter,
  attribute: Attribute,
  isInAddress = false,
): (element: unknown) => boolean {
  const subs = attribute.subAttributes ?? [{ ...attribute, name: 'value', multiValued: false }]
  const type: ResourceType = {
    ...{ name: 'User', endpoint: '/Users', extensions: [], notKept: [] },
    core: { id: '', name: '', description: '', attributes: subs },
  }
  const test = testOf(filter, type, isInAddress)
  return (element) => test(isObject(element) ? element : { value: element })
}

function every(tests: readonly Test[]): Test {
  return (resource) => tests.every((test) => test(resource))
}

interface Found extends FoundAttribute {
  /** The values themselves, not what they are compared by. */
  readonly isWhole?: boolean
}

function find(path: AttributePath, type: ResourceType, isInAddress: boolean): Found | undefined {
  const found = findAttribute(type, path)
  if (!found) {
    if (isNotKept(type, path)) return undefined
    throw flaw('invalidFilter', 'The filter names an attribute that is not known.')
  }
  const compared = comparedOf(found)
  if (compared.returned === 'never') {
    // A badge number in an address is in every log on the way (RFC 7644 section 7.5.2).
    throw isInAddress
      ? flaw('sensitive', `${compared.name} may not be in an address.`)
      : flaw('invalidFilter', `${compared.name} is never given out, and nobody is found by it.`)
  }
  return found
}

/** What stands for the attribute in a comparison: of a complex one its `value`. */
function comparedOf({ attribute, sub }: FoundAttribute): Attribute {
  if (sub) return sub
  const value = attribute.subAttributes?.find(({ name }) => name === 'value')
  return value ?? attribute
}

export function valuesOf(resource: Json, found: Found): readonly unknown[] {
  const holder = found.extension === undefined ? resource : resource[found.extension]
  const value = isObject(holder) ? holder[found.attribute.name] : undefined
  const all = Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value]
  if (found.isWhole === true) return all
  const inner = found.sub?.name ?? (found.attribute.subAttributes ? 'value' : undefined)
  if (inner === undefined) return all
  const isWhole = found.sub === undefined && comparedOf(found) === found.attribute
  if (isWhole) return all
  return all.flatMap((one) => {
    const part = isObject(one) ? one[inner] : undefined
    return Array.isArray(part) ? (part as unknown[]) : part === undefined ? [] : [part]
  })
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== '' && (!isObject(value) || Object.keys(value).length > 0)
}

/** Of what is not there nothing is true but that it is not this. */
function some(
  values: readonly unknown[],
  operator: Operator,
  compare: (value: unknown) => boolean,
): boolean {
  if (operator === 'ne') return values.every(compare)
  return values.length === 0 ? compare(null) : values.some(compare)
}

const ordering: readonly Operator[] = ['gt', 'ge', 'lt', 'le']
const parts: readonly Operator[] = ['co', 'sw', 'ew']

function comparison(
  attribute: Attribute,
  operator: Operator,
  literal: Literal,
): (value: unknown) => boolean {
  const no = (what: string): never => {
    throw flaw('invalidFilter', `${attribute.name} cannot be compared with ${what}.`)
  }
  if (literal === null) {
    if (operator === 'eq') return (value) => value === null
    return operator === 'ne' ? (value) => value !== null : no(`null by ${operator}`)
  }
  switch (attribute.type) {
    case 'boolean': {
      if (operator !== 'eq' && operator !== 'ne') return no(operator)
      const wanted = booleanOf(literal) ?? no('a text')
      return (value) => (operator === 'eq') === (value === wanted)
    }
    case 'integer': {
      if (typeof literal !== 'number' || parts.includes(operator)) return no('a text')
      return (value) => typeof value === 'number' && isOrdered(value - literal, operator)
    }
    case 'dateTime': {
      if (parts.includes(operator)) return no(operator)
      const wanted = typeof literal === 'string' ? Date.parse(literal) : NaN
      if (Number.isNaN(wanted)) return no('what is no date')
      return (value) =>
        typeof value === 'string'
          ? isOrdered(Date.parse(value) - wanted, operator)
          : operator === 'ne'
    }
    case 'complex':
      return no('a single value')
    case 'reference':
    case 'string': {
      if (typeof literal !== 'string') return no('what is no text')
      const fold = foldOf(attribute)
      const wanted = fold(literal)
      return (value) =>
        typeof value === 'string' ? isText(fold(value), operator, wanted) : operator === 'ne'
    }
  }
}

function booleanOf(literal: Literal): boolean | undefined {
  if (typeof literal === 'boolean') return literal
  const small = String(literal).toLowerCase()
  return small === 'true' ? true : small === 'false' ? false : undefined
}

export function foldOf({ caseExact = false }: Pick<Attribute, 'caseExact'>) {
  return (text: string): string =>
    caseExact ? text.normalize('NFC') : text.normalize('NFC').toLowerCase()
}

function isText(value: string, operator: Operator, wanted: string): boolean {
  if (operator === 'co') return value.includes(wanted)
  if (operator === 'sw') return value.startsWith(wanted)
  if (operator === 'ew') return value.endsWith(wanted)
  return isOrdered(value === wanted ? 0 : value < wanted ? -1 : 1, operator)
}

function isOrdered(difference: number, operator: Operator): boolean {
  if (operator === 'eq') return difference === 0
  if (operator === 'ne') return difference !== 0
  if (!ordering.includes(operator)) return false
  if (operator === 'gt') return difference > 0
  if (operator === 'ge') return difference >= 0
  return operator === 'lt' ? difference < 0 : difference <= 0
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
